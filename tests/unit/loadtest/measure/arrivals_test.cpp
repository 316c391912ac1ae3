#include "loadtest/measure/arrivals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "loadtest/measure/clock.hpp"

namespace qtable::loadtest {
namespace arrivals_test {

std::vector<std::int64_t> take(arrivals from, std::size_t count) {
    std::vector<std::int64_t> made;
    for (std::size_t i = 0; i < count; ++i) {
        made.push_back(from.due_ns());
        from.advance();
    }
    return made;
}

TEST(arrivals, even_ones_lie_at_the_same_distance) {
    const auto due = take(arrivals(arrival_kind::even, 1'000, 5'000, 1), 100);
    for (std::size_t i = 0; i < due.size(); ++i)
        EXPECT_EQ(due[i], 5'000 + static_cast<std::int64_t>(i) * ns_per_ms);
}

TEST(arrivals, even_ones_of_several_threads_interleave) {
    std::set<std::int64_t> all;
    for (unsigned share = 0; share < 4; ++share) {
        for (const std::int64_t due : take(arrivals(arrival_kind::even, 1'000, 0, 1, share, 4), 25))
            all.insert(due);
    }
    ASSERT_EQ(all.size(), 100U);
    std::int64_t expected = 0;
    for (const std::int64_t due : all) {
        EXPECT_EQ(due, expected);
        expected += ns_per_ms;
    }
}

TEST(arrivals, do_not_drift_over_an_hour) {
    arrivals from(arrival_kind::even, 3'000, 0, 1);
    for (int i = 0; i < 3'000 * 3'600; ++i) from.advance();
    EXPECT_NEAR(static_cast<double>(from.due_ns()), 3'600e9, 1e6);
}

TEST(arrivals, of_a_poisson_process_have_its_mean_and_spread) {
    const std::size_t count = 200'000;
    const auto due = take(arrivals(arrival_kind::poisson, 10'000, 0, 42), count);
    double sum = 0, squares = 0;
    std::int64_t before = 0;
    for (const std::int64_t each : due) {
        ASSERT_GE(each, before);
        const double gap = static_cast<double>(each - before);
        sum += gap;
        squares += gap * gap;
        before = each;
    }
    const double mean = sum / static_cast<double>(count);
    const double deviation = std::sqrt(squares / static_cast<double>(count) - mean * mean);
    EXPECT_NEAR(mean, 1e5, 1e3);
    EXPECT_NEAR(deviation / mean, 1, 0.02);  // what makes it a Poisson process
}

TEST(arrivals, follow_from_the_seed_alone) {
    const auto of = [](std::uint64_t seed, unsigned share) {
        return take(arrivals(arrival_kind::poisson, 500, 0, seed, share, 2), 50);
    };
    EXPECT_EQ(of(1, 0), of(1, 0));
    EXPECT_NE(of(1, 0), of(2, 0));
    EXPECT_NE(of(1, 0), of(1, 1));
}

TEST(arrivals, have_names) {
    EXPECT_EQ(parse_arrival_kind("even"), arrival_kind::even);
    EXPECT_EQ(parse_arrival_kind("poisson"), arrival_kind::poisson);
    EXPECT_EQ(parse_arrival_kind("often"), std::nullopt);
    EXPECT_EQ(name_of(arrival_kind::even), "even");
}

}  // namespace arrivals_test
}  // namespace qtable::loadtest
