#include "core/sync/duration_counts.hpp"

#include <gtest/gtest.h>

namespace qtable {
namespace duration_counts_test {

TEST(duration_counts, each_goes_to_the_least_bucket_that_holds_it) {
    duration_counts counts;
    counts.record(0);
    counts.record(50);
    counts.record(51);
    counts.record(5'000'000);
    counts.record(5'000'001);
    counts.record(-3);  // a clock that stepped
    EXPECT_EQ(counts.count_of(0), 3U);
    EXPECT_EQ(counts.count_of(1), 1U);
    EXPECT_EQ(counts.count_of(duration_counts::bounds_us.size() - 1), 1U);
    EXPECT_EQ(counts.count_of(duration_counts::bounds_us.size()), 1U);
    EXPECT_EQ(counts.sum_us(), 50U + 51U + 5'000'000U + 5'000'001U);
}

TEST(duration_counts, many_that_took_as_long_are_one_record) {
    duration_counts counts;
    counts.record(700, 250);
    EXPECT_EQ(counts.count_of(4), 250U) << "up to a millisecond";
    EXPECT_EQ(counts.sum_us(), 700U * 250U);
}

TEST(counter, is_set_and_counted) {
    counter of;
    of.add();
    of.add(4);
    of.subtract(2);
    EXPECT_EQ(of.value(), 3U);
    of.set(9);
    EXPECT_EQ(of.value(), 9U);
}

}  // namespace duration_counts_test
}  // namespace qtable
