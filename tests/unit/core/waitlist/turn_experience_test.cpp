#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/waitlist/wait_estimate.hpp"

namespace qtable {
namespace turn_experience_test {

TEST(turn_experience, keeps_mean_and_spread_of_log_ratios) {
    const std::vector<std::pair<int, int>> stays = {{80, 90}, {100, 90}, {130, 105}, {60, 120}};
    turn_experience learned;
    double mean = 0, variance = 0;
    for (const auto& [actual_min, turn_min] : stays) {
        learned.learn(actual_min, turn_min);
        mean += std::log(static_cast<double>(actual_min) / turn_min) / 4;
    }
    for (const auto& [actual_min, turn_min] : stays)
        variance += std::pow(std::log(static_cast<double>(actual_min) / turn_min) - mean, 2) / 4;
    EXPECT_EQ(learned.parties, 4);
    EXPECT_NEAR(learned.log_ratio_mean, mean, 1e-12);
    EXPECT_NEAR(learned.log_ratio_spread, std::sqrt(variance), 1e-12);
}

TEST(turn_experience, ignores_what_cannot_be_and_bounds_what_is_hardly_true) {
    turn_experience learned;
    learned.learn(0, 90);
    learned.learn(-5, 90);
    learned.learn(90, 0);
    EXPECT_EQ(learned.parties, 0);
    learned.learn(100'000, 90);  // nobody marked that they left
    EXPECT_EQ(learned.parties, 1);
    EXPECT_LT(learned.log_ratio_mean, std::log(5.0));
}

TEST(turn_experience, follows_a_house_that_changes) {
    turn_experience learned;
    for (int i = 0; i < 20'000; ++i) learned.learn(90, 90);
    EXPECT_NEAR(learned.log_ratio_mean, 0, 1e-9);
    for (int i = 0; i < 5'000; ++i) learned.learn(60, 90);
    EXPECT_NEAR(learned.log_ratio_mean, std::log(60.0 / 90), 0.01);
    EXPECT_NEAR(learned.log_ratio_spread, 0, 0.05);
}

// What is learned moves the estimate, the more the more parties it comes from.
TEST(turn_experience, moves_estimates_by_how_much_is_known) {
    floor_now floor;
    floor.now = {1'800'000'000'000};
    floor_now::seat seat;
    seat.capacity = seat.party_size = 2;
    seat.turn_min = 90;
    seat.seated_at = floor.now;
    floor.tables.push_back(seat);
    const auto wait_after = [&](int parties) {
        turn_experience learned;
        for (int i = 0; i < parties; ++i) learned.learn(i % 2 == 0 ? 50 : 58, 90);
        return *quote_wait(floor, {}, {2, 90}, learned).wait;
    };
    const wait_range none = wait_after(0), few = wait_after(10), many = wait_after(1000);
    EXPECT_LT(few.p50_min, none.p50_min);
    EXPECT_LT(many.p50_min, few.p50_min);
    EXPECT_NEAR(many.p50_min, 54 + 5, 5);
    EXPECT_LT(many.p90_min - many.p10_min, none.p90_min - none.p10_min);
}

}  // namespace turn_experience_test
}  // namespace qtable
