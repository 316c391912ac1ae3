#include "core/base/zone.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/zones.hpp"

namespace qtable {
namespace zone_test {

using test::at;
using test::day;

TEST(Zone, ResolvesOrdinaryDays) {
    const zone berlin = test::berlin();
    EXPECT_EQ(*berlin.resolve(day("2026-11-22"), 19 * 60), at("2026-11-22T18:00:00Z"));
    EXPECT_EQ(*berlin.resolve(day("2027-07-01"), 19 * 60), at("2027-07-01T17:00:00Z"));
    EXPECT_EQ(*berlin.resolve(day("2026-11-22"), 25 * 60), at("2026-11-23T00:00:00Z")) << "past midnight";
    EXPECT_EQ(*zone::utc().resolve(day("2026-11-22"), 61), at("2026-11-22T01:01:00Z"));
    EXPECT_EQ(*test::kathmandu().resolve(day("2026-11-22"), 0), at("2026-11-21T18:15:00Z"));
}

TEST(Zone, AGapDoesNotExist) {
    const zone berlin = test::berlin();
    const date spring = day("2027-03-28");
    EXPECT_EQ(*berlin.resolve(spring, 119), at("2027-03-28T00:59:00Z"));
    for (const int minute : {120, 150, 179}) {
        EXPECT_EQ(to_errc(berlin.resolve(spring, minute).error()), errc::invalid_local_time);
        EXPECT_EQ(berlin.resolve_or_gap_end(spring, minute), at("2027-03-28T01:00:00Z"));
    }
    EXPECT_EQ(*berlin.resolve(spring, 180), at("2027-03-28T01:00:00Z"));
    EXPECT_FALSE(berlin.resolve(spring.plus_days(-1), minutes_per_day + 150))
        << "counted from the day before";
    EXPECT_FALSE(test::new_york().resolve(day("2027-03-14"), 150));
}

TEST(Zone, OfAFoldTheFirstIsMeant) {
    const zone berlin = test::berlin();
    const date autumn = day("2027-10-31");
    EXPECT_EQ(*berlin.resolve(autumn, 119), at("2027-10-30T23:59:00Z"));
    EXPECT_EQ(*berlin.resolve(autumn, 150), at("2027-10-31T00:30:00Z"));
    EXPECT_EQ(*berlin.resolve(autumn, 179), at("2027-10-31T00:59:00Z"));
    EXPECT_EQ(*berlin.resolve(autumn, 180), at("2027-10-31T02:00:00Z"));
    EXPECT_EQ(*test::new_york().resolve(day("2026-11-01"), 90), at("2026-11-01T05:30:00Z"));
}

TEST(Zone, HalfAnHourOfSummerTime) {
    const zone lord_howe = test::lord_howe();
    const date spring = day("2026-10-04");
    EXPECT_EQ(*lord_howe.resolve(spring, 119), at("2026-10-03T15:29:00Z"));
    EXPECT_FALSE(lord_howe.resolve(spring, 120));
    EXPECT_FALSE(lord_howe.resolve(spring, 149));
    EXPECT_EQ(*lord_howe.resolve(spring, 150), at("2026-10-03T15:30:00Z"));
    const date autumn = day("2027-04-04");
    EXPECT_EQ(*lord_howe.resolve(autumn, 100), at("2027-04-03T14:40:00Z"));
    EXPECT_EQ(*lord_howe.resolve(autumn, 120), at("2027-04-03T15:30:00Z"));
}

TEST(Zone, AWholeDayThatDidNotTakePlace) {
    const zone apia = test::apia();
    EXPECT_EQ(*apia.resolve(day("2011-12-29"), 1439), at("2011-12-30T09:59:00Z"));
    for (const int minute : {0, 1, 720, 1439}) {
        EXPECT_FALSE(apia.resolve(day("2011-12-30"), minute)) << minute;
        EXPECT_EQ(apia.resolve_or_gap_end(day("2011-12-30"), minute), at("2011-12-30T10:00:00Z"));
    }
    for (const int minute : {0, 60, 1439}) {
        EXPECT_EQ(*apia.resolve(day("2011-12-31"), minute), at("2011-12-30T10:00:00Z").plus_minutes(minute));
    }
    const local_time before = apia.local_at(at("2011-12-30T09:59:00Z"));
    const local_time after = apia.local_at(at("2011-12-30T10:00:00Z"));
    EXPECT_EQ(to_string(before.date), "2011-12-29");
    EXPECT_EQ(to_string(after.date), "2011-12-31");
    EXPECT_EQ(after.minute, 0);
}

TEST(Zone, LocalTimeAndOffset) {
    const zone berlin = test::berlin();
    const local_time midnight = berlin.local_at(at("2026-11-22T23:00:00Z"));
    EXPECT_EQ(to_string(midnight.date), "2026-11-23");
    EXPECT_EQ(midnight.minute, 0);
    EXPECT_EQ(berlin.offset_s_at(at("2027-03-28T00:59:59Z")), 3600);
    EXPECT_EQ(berlin.offset_s_at(at("2027-03-28T01:00:00Z")), 7200);
    EXPECT_EQ(berlin.offset_s_at(at("1990-01-01T00:00:00Z")), 7200)
        << "the first period holds for all before it";
    EXPECT_EQ(to_string(zone::utc().local_at(instant{-1}).date), "1969-12-31");
}

TEST(Zone, SaysUntilWhenAnOffsetHolds) {
    const zone berlin = test::berlin();
    EXPECT_EQ(berlin.steady_at(at("2026-11-22T00:00:00Z")).until, at("2027-03-28T01:00:00Z"));
    EXPECT_EQ(berlin.steady_at(at("2026-11-22T00:00:00Z")).offset_s, 3600);
    EXPECT_EQ(berlin.steady_at(at("1990-01-01T00:00:00Z")).until, at("2026-10-25T01:00:00Z"));
    EXPECT_GT(zone::utc().steady_at(at("9999-01-01T00:00:00Z")).until, at("9999-12-31T00:00:00Z"));
}

TEST(Zone, EveryMinuteThatResolvesReadsTheSameOnTheWall) {
    for (const zone& where : {test::berlin(), test::lord_howe(), test::kathmandu()}) {
        instant last = at("2027-03-20T00:00:00Z");
        for (date d = day("2027-03-25"); d < day("2027-04-08"); d = d.plus_days(1)) {
            for (int minute = 0; minute < minutes_per_day; ++minute) {
                const auto resolved = where.resolve(d, minute);
                if (!resolved) continue;
                const local_time local = where.local_at(*resolved);
                ASSERT_EQ(local.date, d);
                ASSERT_EQ(local.minute, minute);
                ASSERT_GT(*resolved, last) << "the wall clock's order is the order of instants";
                last = *resolved;
            }
        }
    }
}

}  // namespace zone_test
}  // namespace qtable
