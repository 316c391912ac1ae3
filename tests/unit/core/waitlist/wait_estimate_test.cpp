#include "core/waitlist/wait_estimate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>

#include "core/base/limits.hpp"

namespace qtable {
namespace wait_estimate_test {

constexpr instant now{1'800'000'000'000};
constexpr turn_experience nothing_learned{};

floor_now::seat table(int capacity, int min_party = 1) {
    floor_now::seat seat;
    seat.capacity = capacity;
    seat.min_party = min_party;
    return seat;
}

floor_now::seat occupied(int capacity, int elapsed_min, int turn_min = 90) {
    floor_now::seat seat = table(capacity);
    seat.seated_at = now.plus_minutes(-elapsed_min);
    seat.party_size = capacity;
    seat.turn_min = turn_min;
    return seat;
}

floor_now::seat with_block(floor_now::seat seat, int from_min, int until_min) {
    seat.blocks.push_back({now.plus_minutes(from_min), now.plus_minutes(until_min)});
    return seat;
}

floor_now floor_of(std::initializer_list<floor_now::seat> tables) {
    floor_now floor;
    floor.now = now;
    floor.tables = tables;
    return floor;
}

wait_estimate quote(const floor_now& floor, int size, std::initializer_list<waiting_party> ahead = {},
                    const turn_experience& learned = nothing_learned) {
    return quote_wait(floor, std::vector(ahead), {size, 90}, learned);
}

const wait_range at_once{};

TEST(wait_estimate, nobody_waits_on_an_empty_floor) {
    const wait_estimate said = quote(floor_of({table(4)}), 2);
    EXPECT_EQ(said.position, 1);
    EXPECT_EQ(said.parties_ahead, 0);
    EXPECT_EQ(said.wait, at_once);
    EXPECT_TRUE(estimate_waits(floor_of({table(4)}), {}, nothing_learned).empty());
}

TEST(wait_estimate, there_is_none_without_a_table_that_fits) {
    EXPECT_EQ(quote(floor_of({}), 2).wait, std::nullopt);
    EXPECT_EQ(quote(floor_of({table(4)}), 5).wait, std::nullopt);
    EXPECT_EQ(quote(floor_of({table(6, 3)}), 2).wait, std::nullopt);
    floor_now floor = floor_of({table(6)});
    EXPECT_EQ(quote(floor, 2).wait, at_once);
    floor.oversize_cap = 3;
    EXPECT_EQ(quote(floor, 2).wait, std::nullopt);
    EXPECT_EQ(quote(floor, 3).wait, at_once);
    floor.tables[0].is_in_service = false;
    EXPECT_EQ(quote(floor, 3).wait, std::nullopt);
    EXPECT_EQ(quote(floor, 0).wait, std::nullopt);
}

TEST(wait_estimate, an_occupied_table_comes_free_after_the_rest_of_its_turn_and_clearing) {
    const auto said = quote(floor_of({occupied(2, 0)}), 2).wait;
    ASSERT_TRUE(said);
    EXPECT_GT(said->p10_min, 45);
    EXPECT_LT(said->p10_min, 75);
    EXPECT_NEAR(said->p50_min, 88, 8);
    EXPECT_GT(said->p90_min, 110);
    EXPECT_LT(said->p90_min, 160);
}

TEST(wait_estimate, the_longer_a_table_sits_the_sooner_it_is_free) {
    int before_min = 1000;
    for (const int elapsed_min : {0, 20, 40, 60, 80}) {
        const auto said = quote(floor_of({occupied(2, elapsed_min)}), 2).wait;
        ASSERT_TRUE(said);
        EXPECT_LT(said->p50_min, before_min) << elapsed_min;
        before_min = said->p50_min;
    }
}

TEST(wait_estimate, who_overstays_isnt_gone_and_doesnt_stay_for_ever) {
    for (const int elapsed_min : {130, 180, 300, 1000, 100'000}) {
        const auto said = quote(floor_of({occupied(2, elapsed_min)}), 2).wait;
        ASSERT_TRUE(said) << elapsed_min;
        EXPECT_GT(said->p10_min, 0) << elapsed_min;
        EXPECT_GT(said->p90_min, said->p10_min) << elapsed_min;
        EXPECT_LT(said->p50_min, 40) << elapsed_min;
    }
}

TEST(wait_estimate, a_clock_that_ran_back_is_no_harm) {
    const auto said = quote(floor_of({occupied(2, -5)}), 2).wait;
    ASSERT_TRUE(said);
    EXPECT_EQ(said, quote(floor_of({occupied(2, 0)}), 2).wait);
}

TEST(wait_estimate, a_dirty_table_takes_some_minutes) {
    floor_now floor = floor_of({table(2)});
    floor.tables[0].is_dirty = true;
    const auto said = quote(floor, 2).wait;
    ASSERT_TRUE(said);
    EXPECT_GE(said->p10_min, 1);
    EXPECT_LE(said->p90_min, 12);
}

TEST(wait_estimate, a_party_sits_only_where_its_stay_ends_before_the_reservation) {
    EXPECT_EQ(quote(floor_of({with_block(table(2), 90, 180)}), 2).wait, at_once);
    const auto after = quote(floor_of({with_block(table(2), 89, 179)}), 2).wait;
    ASSERT_TRUE(after);
    EXPECT_GT(after->p10_min, 120);  // when the reservation has left
    EXPECT_NEAR(after->p50_min, 177, 12);
    // Another table, even if it comes free later, is sooner.
    const auto other = quote(floor_of({with_block(table(2), 89, 179), occupied(4, 60)}), 2).wait;
    ASSERT_TRUE(other);
    EXPECT_LT(other->p90_min, after->p10_min);
}

TEST(wait_estimate, a_reservation_that_is_due_has_its_table) {
    const auto said = quote(floor_of({with_block(table(2), -10, 80)}), 2).wait;
    ASSERT_TRUE(said);
    EXPECT_GT(said->p10_min, 40);
    // Those that sit there don't wait for themselves.
    EXPECT_EQ(quote(floor_of({with_block(occupied(2, 30), -30, 60)}), 2).wait,
              quote(floor_of({occupied(2, 30)}), 2).wait);
    // And one that is over is over.
    EXPECT_EQ(quote(floor_of({with_block(table(2), -100, 0)}), 2).wait, at_once);
}

TEST(wait_estimate, a_reservation_waits_for_who_overstays_at_its_table) {
    const auto said = quote(floor_of({with_block(occupied(2, 80), 5, 95)}), 2).wait;
    ASSERT_TRUE(said);
    EXPECT_GT(said->p10_min, 60);
}

TEST(wait_estimate, there_is_none_when_it_will_hardly_be_before_closing) {
    floor_now floor = floor_of({occupied(2, 0)});
    floor.closes_at = now.plus_minutes(90 + 30 + 45);
    EXPECT_TRUE(quote(floor, 2).wait);
    floor.closes_at = now.plus_minutes(80 + 45);
    EXPECT_EQ(quote(floor, 2).wait, std::nullopt);

    floor = floor_of({table(2)});
    for (const auto& [open_min, is_seated] : {std::pair{45, true}, {44, false}, {0, false}, {-10, false}}) {
        floor.closes_at = now.plus_minutes(open_min);
        EXPECT_EQ(quote(floor, 2).wait.has_value(), is_seated) << open_min;
    }
}

TEST(wait_estimate, closing_bounds_the_range) {
    floor_now floor = floor_of({occupied(2, 10)});
    const auto open = quote(floor, 2).wait;
    floor.closes_at = now.plus_minutes(90 + 45);
    const auto capped = quote(floor, 2).wait;
    ASSERT_TRUE(open && capped);
    EXPECT_GT(open->p90_min, 90);
    EXPECT_LE(capped->p90_min, 90);
    EXPECT_EQ(capped->p10_min, open->p10_min);
}

TEST(wait_estimate, without_closing_the_longest_quote_is_the_end) {
    EXPECT_EQ(quote(floor_of({with_block(table(2), 30, 30 + 2 * limits::quoted_max_min)}), 2).wait,
              std::nullopt);
}

TEST(wait_estimate, the_first_in_line_gets_the_first_table) {
    const floor_now floor = floor_of({occupied(2, 70), occupied(2, 10)});
    const std::vector<waiting_party> waiting = {{2, 90}, {2, 90}, {2, 90}};
    const std::vector<wait_estimate> said = estimate_waits(floor, waiting, nothing_learned);
    ASSERT_EQ(said.size(), 3U);
    for (std::size_t i = 0; i < said.size(); ++i) {
        EXPECT_EQ(said[i].position, static_cast<int>(i) + 1);
        EXPECT_EQ(said[i].parties_ahead, static_cast<int>(i));
        ASSERT_TRUE(said[i].wait);
        if (i > 0) {
            EXPECT_GT(said[i].wait->p50_min, said[i - 1].wait->p50_min);
        }
    }
}

TEST(wait_estimate, a_smaller_party_passes_at_a_table_that_only_fits_it) {
    const floor_now floor = floor_of({table(2), occupied(6, 10, 120)});
    const std::vector<waiting_party> waiting = {{6, 120}, {2, 90}};
    const std::vector<wait_estimate> said = estimate_waits(floor, waiting, nothing_learned);
    ASSERT_TRUE(said[0].wait);
    EXPECT_GT(said[0].wait->p10_min, 20);
    EXPECT_EQ(said[1].wait, at_once);
    EXPECT_EQ(said[1].position, 2);
}

TEST(wait_estimate, a_party_takes_the_smallest_table_that_fits) {
    // The first of two leaves the larger table to who needs it.
    EXPECT_EQ(quote(floor_of({table(6), table(2)}), 6, {{2, 90}}).wait, at_once);
    EXPECT_EQ(quote(floor_of({table(2), table(6)}), 6, {{2, 90}}).wait, at_once);
}

TEST(wait_estimate, a_combination_seats_who_no_single_table_seats) {
    floor_now floor = floor_of({table(4), table(4), occupied(8, 0, 150)});
    EXPECT_NE(quote(floor, 7).wait, at_once);
    floor.combinations.push_back({{0, 1}, 8, 5});
    EXPECT_EQ(quote(floor, 7).wait, at_once);
    floor.tables[1].is_in_service = false;
    EXPECT_NE(quote(floor, 7).wait, at_once);
    floor.tables[1].is_in_service = true;
    // Four sit at a table that isn't part of one, so that the seven behind them sit too.
    floor.tables.push_back(table(4));
    EXPECT_EQ(quote(floor, 7, {{4, 105}}).wait, at_once);
    // Each member must be free before its reservation.
    floor.tables[0].blocks.push_back({now.plus_minutes(60), now.plus_minutes(150)});
    EXPECT_NE(quote(floor, 7).wait, at_once);
}

TEST(wait_estimate, tables_of_one_party_come_free_together) {
    floor_now together = floor_of({occupied(4, 30), occupied(4, 30)});
    for (floor_now::seat& seat : together.tables) seat.party_size = 7;
    together.combinations.push_back({{0, 1}, 8, 5});
    floor_now apart = together;
    for (floor_now::seat& seat : apart.tables) seat.party_size = 4;
    const auto one = quote(together, 8).wait, two = quote(apart, 8).wait;
    ASSERT_TRUE(one && two);
    EXPECT_LT(one->p50_min, two->p50_min);  // not until the later of two
    // And who is first in line gets them as one, before a smaller party gets a half.
    const std::vector<waiting_party> waiting = {{8, 90}, {2, 90}};
    EXPECT_EQ(estimate_waits(together, waiting, nothing_learned)[0].wait, one);
}

TEST(wait_estimate, says_the_same_of_the_same_floor) {
    const floor_now floor = floor_of({occupied(2, 30), with_block(occupied(4, 50), 120, 200), table(6)});
    const std::vector<waiting_party> waiting = {{2, 90}, {5, 120}, {4, 105}};
    EXPECT_EQ(estimate_waits(floor, waiting, nothing_learned),
              estimate_waits(floor, waiting, nothing_learned));
    const std::vector<waiting_party> ahead(waiting.begin(), waiting.end() - 1);
    EXPECT_EQ(quote_wait(floor, ahead, waiting.back(), nothing_learned),
              estimate_waits(floor, waiting, nothing_learned).back());
}

}  // namespace wait_estimate_test
}  // namespace qtable
