#include "core/inventory/opening_plan.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace opening_plan_test {

using test::at;
using test::clock_min;
using test::day;
using test::every_day;

const date monday = day("2026-11-23");

opening_plan plan_of(const weekly_hours& hours, const zone& where, int interval_min = 30) {
    return opening_plan(hours, {}, interval_min, std::make_shared<const zone>(where));
}

std::vector<day_start> starts_of(const opening_plan& plan, date on) {
    std::vector<day_start> starts;
    plan.for_each_start(on, [&starts](const day_start& s) { starts.push_back(s); });
    return starts;
}

std::vector<int> minutes_of(const opening_plan& plan, date on) {
    std::vector<int> minutes;
    for (const day_start& s : starts_of(plan, on)) minutes.push_back(s.minute);
    return minutes;
}

int room_at(const opening_plan& plan, date on, int minute) {
    for (const day_start& s : starts_of(plan, on)) {
        if (s.minute == minute) return s.room_min;
    }
    return -1;
}

TEST(OpeningPlan, StartsLieOnTheIntervalFromEachOpening) {
    const auto plan = plan_of(every_day("11:45-13:00,18:00-19:30"), zone::utc());
    EXPECT_EQ(minutes_of(plan, monday), (std::vector{705, 735, 765, 1080, 1110, 1140}));
    EXPECT_EQ(room_at(plan, monday, 765), 15);
    EXPECT_EQ(room_at(plan, monday, 1080), 90);
    EXPECT_EQ(starts_of(plan, monday)[0].starts_at, at("2026-11-23T11:45:00Z"));
}

TEST(OpeningPlan, ClosedDaysHaveNone) {
    weekly_hours hours;
    hours.days[0] = *parse_day_hours("18:00-19:00");
    const auto plan = plan_of(hours, zone::utc());
    EXPECT_EQ(minutes_of(plan, monday).size(), 2U);
    EXPECT_TRUE(minutes_of(plan, monday.plus_days(1)).empty());
}

TEST(OpeningPlan, RunsPastMidnight) {
    const auto plan = plan_of(every_day("22:00-02:00"), test::berlin(), 60);
    EXPECT_EQ(minutes_of(plan, monday), (std::vector{1320, 1380, 1440, 1500}));
    EXPECT_EQ(starts_of(plan, monday)[3].starts_at, at("2026-11-24T00:00:00Z"));
    EXPECT_EQ(plan.find(monday, 60)->minute, 1500) << "01:00 is after that day's midnight";
    EXPECT_EQ(plan.find(monday, 60)->room_min, 60);
    EXPECT_EQ(plan.find(monday, 70)->minute, 1510) << "no start, but of that night";
    EXPECT_EQ(plan.find(monday, 70)->room_min, 0);
    EXPECT_EQ(plan.find(monday, clock_min(22, 0))->minute, 1320);
    EXPECT_EQ(plan.find(monday, clock_min(12, 0))->minute, 720);
    EXPECT_EQ(plan.find(monday, clock_min(12, 0))->room_min, 0);
    EXPECT_EQ(plan.find(monday, clock_min(12, 0))->starts_at, at("2026-11-23T11:00:00Z"));
}

TEST(OpeningPlan, NoWallMinuteTwiceInADay) {
    const auto plan = plan_of(every_day("00:00-02:00,22:00-03:00"), zone::utc(), 60);
    EXPECT_EQ(minutes_of(plan, monday), (std::vector{0, 60, 1320, 1380, 1560}));
    EXPECT_EQ(plan.find(monday, 60)->minute, 60);
    EXPECT_EQ(plan.find(monday, 120)->minute, 1560);
}

TEST(OpeningPlan, AdjacentRangesMerge) {
    const auto round_the_clock = plan_of(every_day("00:00-24:00"), zone::utc());
    EXPECT_EQ(minutes_of(round_the_clock, monday).size(), 48U);
    EXPECT_GE(room_at(round_the_clock, monday, clock_min(23, 30)), limits::turn_time_max_min);
    const auto shifted = plan_of(every_day("10:00-10:00"), zone::utc());
    EXPECT_GE(room_at(shifted, monday, minutes_per_day + clock_min(9, 30)), limits::turn_time_max_min);

    const auto halves = plan_of(every_day("12:00-17:00,17:00-23:00"), zone::utc());
    EXPECT_EQ(room_at(halves, monday, clock_min(16, 30)), 390);

    weekly_hours weekend;  // Saturday until Sunday's brunch ends
    weekend.days[5] = *parse_day_hours("18:00-06:00");
    weekend.days[6] = *parse_day_hours("05:00-14:00");
    const auto brunch = plan_of(weekend, zone::utc());
    EXPECT_EQ(room_at(brunch, monday.plus_days(5), minutes_per_day + clock_min(5, 30)), 510);
    EXPECT_EQ(room_at(brunch, monday.plus_days(6), clock_min(13, 30)), 30);
}

TEST(OpeningPlan, AnIntervalOfTheDayBeforeReachesIn) {
    weekly_hours hours;
    hours.days[0] = *parse_day_hours("20:00-18:00");  // until Tuesday 18:00
    hours.days[1] = *parse_day_hours("09:00-12:00");
    const auto plan = plan_of(hours, zone::utc());
    EXPECT_EQ(room_at(plan, monday.plus_days(1), clock_min(11, 30)), 390);
}

TEST(OpeningPlan, TheSpringGapIsNotOffered) {
    const auto plan = plan_of(every_day("00:00-05:00"), test::berlin());
    const date spring = day("2027-03-28");
    EXPECT_EQ(minutes_of(plan, spring), (std::vector{0, 30, 60, 90, 180, 210, 240, 270}));
    EXPECT_EQ(to_errc(plan.find(spring, 150).error()), errc::invalid_local_time);
    EXPECT_EQ(starts_of(plan, spring)[4].starts_at, at("2027-03-28T01:00:00Z"));
    EXPECT_EQ(room_at(plan, spring, 90), 150) << "elapsed time: an hour of the night is missing";
    EXPECT_EQ(minutes_of(plan, spring.plus_days(1)).size(), 10U);

    // The same night as the end of Saturday.
    const auto bar = plan_of(every_day("20:00-04:00"), test::berlin(), 60);
    EXPECT_EQ(minutes_of(bar, spring.plus_days(-1)), (std::vector{1200, 1260, 1320, 1380, 1440, 1500, 1620}));
    EXPECT_EQ(to_errc(bar.find(spring.plus_days(-1), 120).error()), errc::invalid_local_time);
    EXPECT_EQ(room_at(bar, spring.plus_days(-1), 1500), 120);
}

TEST(OpeningPlan, OpeningInsideTheGapOpensAtItsEnd) {
    const date spring = day("2027-03-28");
    const auto plan = plan_of(every_day("02:30-05:00"), test::berlin());
    EXPECT_EQ(minutes_of(plan, spring), (std::vector{180, 210, 240, 270}));
    EXPECT_EQ(room_at(plan, spring, 180), 120);
    // What closes and what opens in the gap touch at its end.
    const auto touching = plan_of(every_day("00:00-02:15,02:45-05:00"), test::berlin(), 15);
    EXPECT_EQ(room_at(touching, spring, 105), 135) << "15 minutes to the gap, then from 03:00 to 05:00";
    EXPECT_EQ(room_at(touching, spring.plus_days(7), 105), 30);
}

TEST(OpeningPlan, InTheAutumnFoldTheFirstIsMeant) {
    const auto plan = plan_of(every_day("00:00-05:00"), test::berlin());
    const date autumn = day("2027-10-31");
    EXPECT_EQ(minutes_of(plan, autumn).size(), 10U);
    EXPECT_EQ(plan.find(autumn, 150)->starts_at, at("2027-10-31T00:30:00Z"));
    EXPECT_EQ(plan.find(autumn, 180)->starts_at, at("2027-10-31T02:00:00Z"));
    EXPECT_EQ(room_at(plan, autumn, 150), 210) << "until 05:00 an hour longer than the clock says";
    EXPECT_EQ(room_at(plan, autumn, 180), 120);
}

TEST(OpeningPlan, ADayThatDidNotTakePlaceHasNoStarts) {
    const auto plan = plan_of(every_day("18:00-23:00"), test::apia());
    EXPECT_EQ(minutes_of(plan, day("2011-12-29")).size(), 10U);
    EXPECT_TRUE(minutes_of(plan, day("2011-12-30")).empty());
    EXPECT_EQ(minutes_of(plan, day("2011-12-31")).size(), 10U);
}

TEST(OpeningPlan, TwentyFourSevenStaysOpenOverChangesOfTheClock) {
    const auto plan = plan_of(every_day("00:00-24:00"), test::lord_howe());
    for (date d = day("2026-09-25"); d < day("2026-10-12"); d = d.plus_days(1)) {
        for (const day_start& s : starts_of(plan, d)) EXPECT_GE(s.room_min, limits::turn_time_max_min);
    }
    EXPECT_EQ(minutes_of(plan, day("2026-10-04")).size(), 47U) << "02:00 is not there";
}

TEST(OpeningPlan, RangeOfMinutesIsThePartOfTheWhole) {
    const auto plan = plan_of(every_day("00:00-01:30,11:45-14:00,18:00-02:30"), test::berlin());
    for (const date on : {monday, day("2027-03-27"), day("2027-03-28"), day("2027-10-31")}) {
        const auto all = minutes_of(plan, on);
        for (int first = -20; first < 1700; first += 35) {
            for (const int width : {0, 10, 30, 200}) {
                std::vector<int> expected, found;
                for (const int m : all) {
                    if (m >= first && m <= first + width) expected.push_back(m);
                }
                plan.for_each_start(on, first, first + width,
                                    [&](const day_start& s) { found.push_back(s.minute); });
                ASSERT_EQ(found, expected) << to_string(on) << " from " << first << " width " << width;
            }
        }
    }
}

TEST(OpeningPlan, SteadyDaysAndOthersAgree) {
    // The same hours far from any change: with a zone that never changes, and minute by minute through
    // resolve.
    const auto plan = plan_of(every_day("11:45-14:00,18:00-02:30"), test::berlin(), 15);
    const zone berlin = test::berlin();
    for (date d = day("2027-01-01"); d < day("2027-12-01"); d = d.plus_days(1)) {
        for (const day_start& s : starts_of(plan, d)) {
            ASSERT_EQ(s.starts_at, *berlin.resolve(d, s.minute));
            const int close = s.minute < clock_min(14, 0) ? clock_min(14, 0) : clock_min(26, 30);
            const instant closing = berlin.resolve_or_gap_end(d, close);
            ASSERT_EQ(s.room_min, (closing.ms - s.starts_at.ms) / ms_per_minute) << to_string(d);
        }
    }
}

}  // namespace opening_plan_test
}  // namespace qtable
