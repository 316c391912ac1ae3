#include "net/limit/overload_valve.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/limits.hpp"

namespace qtable::net {
namespace overload_valve_test {

constexpr std::int64_t target_us = limits::overload_wait_us;

void feed(overload_valve& valve, std::int64_t standing_us, int times) {
    for (int i = 0; i < times; ++i) valve.measured(standing_us);
}

TEST(overload_valve, refuses_nobody_while_waits_are_short) {
    overload_valve valve;
    feed(valve, target_us / 2, 1000);
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(valve.refuses(load_class::list));
}

TEST(overload_valve, gives_up_one_class_after_the_other) {
    overload_valve valve;
    bool was_search = false, was_availability = false, was_booking = false;
    for (int i = 0; i < 1000; ++i) {
        valve.measured(4 * target_us);
        const double list = valve.refused_share(load_class::list),
                     search = valve.refused_share(load_class::search);
        const double availability = valve.refused_share(load_class::availability);
        EXPECT_TRUE(search == 0 || list == 1);
        EXPECT_TRUE(availability == 0 || search == 1);
        EXPECT_TRUE(valve.refused_share(load_class::booking) == 0 || availability == 1);
        was_search |= search > 0 && availability == 0;
        was_availability |= availability > 0 && valve.refused_share(load_class::booking) == 0;
        was_booking |= valve.refused_share(load_class::booking) == 1;
    }
    EXPECT_TRUE(was_search && was_availability && was_booking);
    EXPECT_EQ(valve.refused_share(load_class::always), 0);
    EXPECT_FALSE(valve.refuses(load_class::always));
}

// As a probe that is out tells while nothing is answered any more.
TEST(overload_valve, is_there_soon_where_a_queue_grows_with_time) {
    overload_valve valve;
    int steps = 0;
    while (valve.refused_share(load_class::search) < 1 && steps < 100) valve.measured(++steps * 10'000);
    EXPECT_LE(steps, 12);
    // And lets go slowly: what swings refuses more than it must.
    valve.measured(0);
    EXPECT_GT(valve.refused_share(load_class::search), 0.9);
}

TEST(overload_valve, refuses_the_share_evenly) {
    overload_valve valve;
    while (valve.refused_share(load_class::list) < 0.5) valve.measured(3 * target_us);
    const double share = valve.refused_share(load_class::list);
    int refused = 0, in_a_row = 0;
    for (int i = 0; i < 1000; ++i) {
        const bool is_refused = valve.refuses(load_class::list);
        refused += is_refused ? 1 : 0;
        in_a_row = is_refused ? in_a_row + 1 : 0;
        EXPECT_LE(in_a_row, 2);
    }
    EXPECT_NEAR(refused, 1000 * share, 2);
}

// A core that can answer ten searches in a step and is asked for thirty: the queue is held near the target,
// and what can be answered is answered.
TEST(overload_valve, holds_the_queue_at_three_times_what_is_possible) {
    overload_valve valve;
    constexpr double possible = 100, asked = 300, cost_of_refusal = 0.1;
    double queue = 0, answered = 0, longest_us = 0;
    for (int step = 0; step < 2000; ++step) {
        double room = possible;
        queue += asked;
        while (queue >= 1 && room > 0) {
            queue -= 1;
            if (valve.refuses(load_class::search)) {
                room -= cost_of_refusal;
            } else {
                room -= 1;
                if (step >= 200) answered += 1;
            }
        }
        const double waited_us = queue / possible * 10'000;
        valve.measured(static_cast<std::int64_t>(waited_us));
        if (step >= 200) longest_us = std::max(longest_us, waited_us);
    }
    constexpr double ideal = (possible - cost_of_refusal * asked) / (1 - cost_of_refusal);
    EXPECT_GT(answered, 0.9 * 1800 * ideal);
    EXPECT_LT(longest_us, 5.0 * static_cast<double>(target_us));
}

// A flood of searches that isn't answered any more, and somebody who books.
TEST(overload_valve, keeps_bookings_out_of_a_flood_of_refusals) {
    overload_valve valve;
    int refused = 0;
    for (int step = 0; step < 2000; ++step) {
        for (int i = 0; i < 200; ++i) valve.refuses(load_class::search);
        refused += valve.refuses(load_class::booking) ? 1 : 0;
        valve.measured(20 * target_us);
    }
    EXPECT_GT(valve.refused_share(load_class::search), 0.9);
    EXPECT_EQ(refused, 0);
}

TEST(overload_valve, opens_within_two_seconds) {
    overload_valve valve;
    feed(valve, 10 * target_us, 1000);
    feed(valve, 0, 200);
    EXPECT_FALSE(valve.refuses(load_class::search));
    feed(valve, 10 * target_us, 1000);
    valve.open();
    EXPECT_FALSE(valve.refuses(load_class::list));
}

}  // namespace overload_valve_test
}  // namespace qtable::net
