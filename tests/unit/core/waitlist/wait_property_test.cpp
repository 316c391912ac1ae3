// What holds on any floor, however odd: random floors and lists from a seed.
#include <gtest/gtest.h>

#include "core/base/limits.hpp"
#include "core/waitlist/wait_estimate.hpp"
#include "tests/sim/random.hpp"

namespace qtable {
namespace wait_property_test {

struct floor_kind {
    bool has_blocks = true;
    bool has_combinations = true;
};

floor_now random_floor(sim::random_source& random, floor_kind kind) {
    floor_now floor;
    floor.now = {1'800'000'000'000};
    if (random.chance(700)) floor.closes_at = floor.now.plus_minutes(random.between(-30, 400));
    floor.oversize_cap = random.chance(300) ? random.between(1, 5) : 0;
    const int tables = random.between(0, 14);
    for (int t = 0; t < tables; ++t) {
        floor_now::seat seat;
        seat.capacity = random.between(1, 8);
        seat.min_party = random.between(1, seat.capacity);
        seat.is_in_service = !random.chance(80);
        if (random.chance(700)) {
            seat.seated_at = floor.now.plus_minutes(-random.between(-5, 240));
            seat.party_size = random.between(1, 10);
            seat.turn_min = random.between(0, 150);
        } else {
            seat.is_dirty = random.chance(300);
        }
        for (int from = random.between(-100, 120); kind.has_blocks && from < 400;) {
            const int until = from + random.between(30, 150);
            seat.blocks.push_back({floor.now.plus_minutes(from), floor.now.plus_minutes(until)});
            from = until + random.between(0, 200);
        }
        floor.tables.push_back(seat);
    }
    for (int pairs = kind.has_combinations && tables > 1 ? random.between(0, 4) : 0; pairs > 0; --pairs) {
        const int first = random.between(0, tables - 2);
        floor.combinations.push_back(
            {{first, random.between(first + 1, tables - 1)}, random.between(4, 14), 2});
    }
    return floor;
}

std::vector<waiting_party> random_list(sim::random_source& random, int most) {
    std::vector<waiting_party> waiting;
    for (int left = random.between(0, most); left > 0; --left)
        waiting.push_back({random.between(1, 10), random.between(0, 150)});
    return waiting;
}

TEST(wait_property, ranges_are_ordered_and_within_closing) {
    sim::random_source random(1);
    int said = 0;
    for (int round = 0; round < 300; ++round) {
        const floor_now floor = random_floor(random, {});
        const std::vector<waiting_party> waiting = random_list(random, round % 50 == 0 ? 150 : 12);
        const std::vector<wait_estimate> estimates = estimate_waits(floor, waiting, {});
        ASSERT_EQ(estimates.size(), waiting.size());
        for (std::size_t i = 0; i < estimates.size(); ++i) {
            EXPECT_EQ(estimates[i].parties_ahead, static_cast<int>(i));
            if (!estimates[i].wait) continue;
            ++said;
            const wait_range& wait = *estimates[i].wait;
            EXPECT_LE(0, wait.p10_min);
            EXPECT_LE(wait.p10_min, wait.p50_min);
            EXPECT_LE(wait.p50_min, wait.p90_min);
            EXPECT_LE(wait.p90_min, limits::quoted_max_min);
            if (floor.closes_at) {
                EXPECT_LE(floor.now.plus_minutes(wait.p90_min + 29), *floor.closes_at) << "round " << round;
            }
        }
        const waiting_party wanted{2, 90};
        std::vector<waiting_party> all = waiting;
        all.push_back(wanted);
        EXPECT_EQ(quote_wait(floor, waiting, wanted, {}), estimate_waits(floor, all, {}).back());
    }
    EXPECT_GT(said, 500);
}

// No later than before: none is the latest.
bool is_no_sooner(const std::optional<wait_range>& than, const std::optional<wait_range>& wait) {
    if (!than || !wait) return !wait;
    return wait->p10_min >= than->p10_min && wait->p50_min >= than->p50_min && wait->p90_min >= than->p90_min;
}

// Exact where tables are neither reserved nor combined: with those, who comes between may send somebody ahead
// elsewhere, to the gain of who is behind.
TEST(wait_property, one_more_ahead_never_makes_a_wait_shorter) {
    sim::random_source random(2);
    int longer = 0;
    for (int round = 0; round < 400; ++round) {
        const floor_now floor = random_floor(random, {false, false});
        std::vector<waiting_party> ahead = random_list(random, 8);
        const waiting_party wanted{random.between(1, 8), 90};
        const auto before = quote_wait(floor, ahead, wanted, {}).wait;
        const waiting_party added{random.between(1, 8), random.between(60, 150)};
        ahead.push_back(added);
        const auto after = quote_wait(floor, ahead, wanted, {}).wait;
        EXPECT_TRUE(is_no_sooner(before, after)) << "round " << round;
        if (before != after) ++longer;
    }
    EXPECT_GT(longer, 50);
}

// With reservations and combinations it is the rule, with few exceptions.
TEST(wait_property, one_more_ahead_hardly_ever_makes_a_wait_shorter) {
    sim::random_source random(3);
    int sooner = 0;
    for (int round = 0; round < 400; ++round) {
        const floor_now floor = random_floor(random, {});
        std::vector<waiting_party> ahead = random_list(random, 8);
        const waiting_party wanted{random.between(1, 8), 90};
        const auto before = quote_wait(floor, ahead, wanted, {}).wait;
        ahead.push_back({random.between(1, 8), random.between(60, 150)});
        if (!is_no_sooner(before, quote_wait(floor, ahead, wanted, {}).wait)) ++sooner;
    }
    EXPECT_LE(sooner, 4);
}

}  // namespace wait_property_test
}  // namespace qtable
