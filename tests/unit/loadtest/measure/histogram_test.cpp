#include "loadtest/measure/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "loadtest/measure/dice.hpp"

namespace qtable::loadtest {
namespace histogram_test {

TEST(histogram, is_empty_at_first) {
    const histogram empty;
    EXPECT_TRUE(empty.is_empty());
    EXPECT_EQ(empty.percentile(99), 0);
    EXPECT_EQ(empty.max(), 0);
    EXPECT_EQ(empty.mean(), 0);
}

TEST(histogram, keeps_small_values_exactly) {
    for (const std::int64_t value : {0, 1, 2, 127, 128, 255}) {
        histogram one;
        one.record(value);
        EXPECT_EQ(one.percentile(50), value);
        EXPECT_EQ(histogram::middle_of(histogram::index_of(value)), value);
    }
}

TEST(histogram, is_within_one_percent_of_every_value) {
    dice chance(1);
    for (int i = 0; i < 200'000; ++i) {
        const auto value = static_cast<std::int64_t>(std::exp(chance.between(0, 29)));
        const auto middle = static_cast<double>(histogram::middle_of(histogram::index_of(value)));
        ASSERT_NEAR(middle / static_cast<double>(std::max<std::int64_t>(1, value)), value == 0 ? 0 : 1, 0.01)
            << value;
    }
}

TEST(histogram, orders_buckets_as_values) {
    std::size_t before = 0;
    for (std::int64_t value = 0; value < 1'000'000; value += 7) {
        const std::size_t index = histogram::index_of(value);
        ASSERT_GE(index, before);
        before = index;
    }
    EXPECT_LT(histogram::index_of(histogram::value_max), histogram::buckets);
}

TEST(histogram, finds_percentiles_as_sorting_does) {
    dice chance(7);
    histogram counted;
    std::vector<std::int64_t> all;
    for (int i = 0; i < 100'000; ++i) {
        const auto value = static_cast<std::int64_t>(1e5 + 5e6 * chance.exponential());
        counted.record(value);
        all.push_back(value);
    }
    std::sort(all.begin(), all.end());
    for (const double percent : {1.0, 50.0, 90.0, 99.0, 99.9, 99.99}) {
        const auto rank =
            static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(all.size())));
        const auto exact = static_cast<double>(all[rank - 1]);
        EXPECT_NEAR(static_cast<double>(counted.percentile(percent)) / exact, 1, 0.01) << percent;
    }
    EXPECT_EQ(counted.percentile(100), all.back());
    EXPECT_EQ(counted.min(), all.front());
    EXPECT_EQ(counted.count(), all.size());
}

TEST(histogram, merged_is_as_recorded_together) {
    dice chance(3);
    histogram a, b, together;
    for (int i = 0; i < 10'000; ++i) {
        const auto value = static_cast<std::int64_t>(chance.below(1'000'000'000));
        (i % 3 == 0 ? a : b).record(value);
        together.record(value);
    }
    a.merge(b);
    a.merge(histogram());
    EXPECT_EQ(a.count(), together.count());
    EXPECT_EQ(a.min(), together.min());
    EXPECT_EQ(a.max(), together.max());
    EXPECT_NEAR(a.mean(), together.mean(), 1);
    for (const double percent : {10.0, 50.0, 99.0})
        EXPECT_EQ(a.percentile(percent), together.percentile(percent));
}

TEST(histogram, takes_what_is_too_small_and_too_large_at_its_ends) {
    histogram of;
    of.record(-5);
    of.record(histogram::value_max + 1'000);
    EXPECT_EQ(of.min(), 0);
    EXPECT_EQ(of.max(), histogram::value_max);
    of.clear();
    EXPECT_TRUE(of.is_empty());
    of.record(9);
    EXPECT_EQ(of.max(), 9);
    EXPECT_EQ(of.min(), 9);
}

TEST(histogram, counts_up_to_a_value) {
    histogram of;
    for (std::int64_t value = 1; value <= 100; ++value) of.record(value);
    EXPECT_EQ(of.count_up_to(10), 10U);
    EXPECT_EQ(of.count_up_to(1'000), 100U);
}

}  // namespace histogram_test
}  // namespace qtable::loadtest
