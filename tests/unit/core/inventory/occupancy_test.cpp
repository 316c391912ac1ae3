#include "core/inventory/occupancy.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/inventory/pacing.hpp"
#include "tests/unit/core/zones.hpp"

namespace qtable {
namespace occupancy_test {

using test::at;

TEST(Occupancy, TakesHalfOpenTimes) {
    occupancy o(3);
    o.take(1, at("2026-11-22T18:00:00Z"), at("2026-11-22T20:00:00Z"));
    EXPECT_FALSE(o.is_free(1, at("2026-11-22T19:55:00Z"), at("2026-11-22T21:00:00Z")));
    EXPECT_TRUE(o.is_free(1, at("2026-11-22T20:00:00Z"), at("2026-11-22T21:00:00Z")));
    EXPECT_TRUE(o.is_free(1, at("2026-11-22T17:00:00Z"), at("2026-11-22T18:00:00Z")));
    EXPECT_TRUE(o.is_free(0, at("2026-11-22T18:00:00Z"), at("2026-11-22T20:00:00Z")));
    const table_set free = o.free_tables(at("2026-11-22T19:00:00Z"), at("2026-11-22T20:00:00Z"));
    EXPECT_TRUE(free.has(0) && !free.has(1) && free.has(2));
    EXPECT_EQ(free.words[0], 0b101U) << "no bits beyond the tables";
}

TEST(Occupancy, RoundsOutwardsToTheGrid) {
    occupancy o(1);
    o.take(0, at("2026-11-22T18:02:00Z"), at("2026-11-22T18:58:00Z"));
    EXPECT_FALSE(o.is_free(0, at("2026-11-22T18:00:00Z"), at("2026-11-22T18:01:00Z")));
    EXPECT_FALSE(o.is_free(0, at("2026-11-22T18:59:00Z"), at("2026-11-22T19:00:00Z")));
    EXPECT_TRUE(o.is_free(0, at("2026-11-22T19:00:00Z"), at("2026-11-22T20:00:00Z")));
}

TEST(Occupancy, GoesAcrossDaysAndGivesTheMemoryBack) {
    occupancy o(2);
    EXPECT_EQ(o.day_count(), 0U);
    o.take(0, at("2026-11-22T22:00:00Z"), at("2026-11-25T02:00:00Z"));
    EXPECT_EQ(o.day_count(), 4U);
    EXPECT_FALSE(o.is_free(0, at("2026-11-24T00:00:00Z"), at("2026-11-24T00:05:00Z")));
    EXPECT_FALSE(o.is_free(0, at("2026-11-20T00:00:00Z"), at("2026-11-30T00:00:00Z")));
    EXPECT_TRUE(o.is_free(0, at("2026-11-25T02:00:00Z"), at("2026-11-26T00:00:00Z")));
    EXPECT_TRUE(o.any_taken(at("2026-11-25T00:00:00Z"), at("2026-11-26T00:00:00Z")));
    EXPECT_FALSE(o.any_taken(at("2026-11-25T02:00:00Z"), at("2026-11-26T00:00:00Z")));
    o.release(0, at("2026-11-22T22:00:00Z"), at("2026-11-25T02:00:00Z"));
    EXPECT_EQ(o.day_count(), 0U);
    EXPECT_EQ(o, occupancy(2));
}

TEST(Occupancy, EndsAtMidnightAndBefore1970) {
    occupancy o(1);
    o.take(0, at("2026-11-22T22:00:00Z"), at("2026-11-23T00:00:00Z"));
    EXPECT_EQ(o.day_count(), 1U);
    o.take(0, at("1969-12-31T23:00:00Z"), at("1970-01-01T01:00:00Z"));
    EXPECT_EQ(o.day_count(), 3U);
    EXPECT_FALSE(o.is_free(0, at("1969-12-31T23:55:00Z"), at("1970-01-01T00:00:00Z")));
    EXPECT_TRUE(o.is_free(0, at("1969-12-31T22:00:00Z"), at("1969-12-31T23:00:00Z")));
}

TEST(OccupancyDeathTest, TakingTwiceOrReleasingWhatIsFreeAborts) {
    occupancy o(1);
    const instant six = at("2026-11-22T18:00:00Z"), eight = at("2026-11-22T20:00:00Z");
    o.take(0, six, eight);
    EXPECT_DEATH(o.take(0, eight.plus_minutes(-5), eight.plus_minutes(60)), "is_free");
    EXPECT_DEATH(o.release(0, six, eight.plus_minutes(5)), "assertion failed");
    EXPECT_DEATH(o.release(0, six.plus_minutes(-2880), eight.plus_minutes(-2880)), "assertion failed");
    o.cover(0, six, eight);
}

void compare_with_lists_of_intervals(std::size_t tables) {
    std::mt19937 random(11);
    const instant base = at("2026-12-30T00:00:00Z");
    struct interval {
        table_index table;
        int from, until;
    };
    std::vector<interval> all;
    occupancy o(tables);
    const auto overlaps = [&](table_index t, int from, int until) {
        return std::any_of(all.begin(), all.end(), [&](const interval& i) {
            return i.table == t && i.from < until && from < i.until;
        });
    };
    for (int step = 0; step < 4000; ++step) {
        if (!all.empty() && random() % 3 == 0) {
            const std::size_t pick = random() % all.size();
            o.release(all[pick].table, base.plus_minutes(all[pick].from), base.plus_minutes(all[pick].until));
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(pick));
        }
        const auto t = static_cast<table_index>(random() % tables);
        const int from = static_cast<int>(random() % 900) * 5,
                  until = from + 5 + static_cast<int>(random() % 400) * 5;
        const bool free = !overlaps(t, from, until);
        ASSERT_EQ(o.is_free(t, base.plus_minutes(from), base.plus_minutes(until)), free);
        if (free) {
            o.take(t, base.plus_minutes(from), base.plus_minutes(until));
            all.push_back({t, from, until});
        }
        const taken_by_time seen = o.by_time(base.plus_minutes(from - 7), base.plus_minutes(until + 300));
        const std::int64_t first = seen.first_cell(base.plus_minutes(from)),
                           end = seen.end_cell(base.plus_minutes(until));
        table_set taken;
        seen.collect(first, first + (end - first) / 2, taken);
        seen.collect(first + (end - first) / 2, end, taken);
        const table_set set = o.free_tables(base.plus_minutes(from), base.plus_minutes(until));
        for (table_index other = 0; other < tables; ++other)
            ASSERT_EQ(set.has(other), !overlaps(other, from, until));
        for (table_index other = 0; other < tables; ++other)
            ASSERT_EQ(taken.has(other), overlaps(other, from, until));
    }
    for (const interval& i : all) o.release(i.table, base.plus_minutes(i.from), base.plus_minutes(i.until));
    EXPECT_EQ(o.day_count(), 0U);
}

TEST(Occupancy, AgreesWithListsOfIntervals) {
    compare_with_lists_of_intervals(7);
    compare_with_lists_of_intervals(70);  // more than one word
}

TEST(Occupancy, CoveringTellsWhetherAllOfItWasFree) {
    occupancy o(2);
    const instant six = at("2026-11-22T18:00:00Z"), eight = at("2026-11-22T20:00:00Z");
    EXPECT_TRUE(o.cover(0, six, eight));
    EXPECT_TRUE(o.cover(1, six, eight));
    EXPECT_TRUE(o.cover(0, eight, eight.plus_minutes(5)));
    EXPECT_FALSE(o.cover(0, six.plus_minutes(-24 * 60), six.plus_minutes(1)));
}

TEST(PacingCounts, CountsWhatStartsWithinOneInterval) {
    pacing_counts pacing;
    const instant seven = at("2026-11-22T23:45:00Z");
    pacing.add(seven, 2);
    pacing.add(seven, 3);
    pacing.add(seven.plus_minutes(20), 4);  // the next UTC day
    EXPECT_EQ(pacing.within(seven, 15).parties, 2);
    EXPECT_EQ(pacing.within(seven, 15).covers, 5);
    EXPECT_EQ(pacing.within(seven, 30).parties, 3);
    EXPECT_EQ(pacing.within(seven.plus_minutes(10), 15).covers, 9);
    EXPECT_EQ(pacing.within(seven.plus_minutes(50), 30).parties, 0) << "one whole interval away";
    pacing.remove(seven, 3);
    EXPECT_EQ(pacing.within(seven, 15).covers, 2);
    pacing.remove(seven, 2);
    pacing.remove(seven.plus_minutes(20), 4);
    EXPECT_EQ(pacing, pacing_counts());
}

}  // namespace occupancy_test
}  // namespace qtable
