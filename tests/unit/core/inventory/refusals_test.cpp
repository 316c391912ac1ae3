// What search knows without asking: each kind of bit, how it comes and goes, neighbours in one block, days
// that make room for others. That no bit is ever wrong, whatever happens, is the property test's part
// (follower.hpp).
#include "core/inventory/refusals.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace refusals_test {

using test::at;
using test::clock_min;
using test::day;
using test::house;
using test::make_id;
using test::make_slot;

const date monday = day("2026-11-23");
const int seven = clock_min(19, 0);

// Nobody can sit down that evening.
void fill(house& h, date on, unsigned key = 1) {
    capacity_claim all;
    for (const table& t : h.place.tables) all.tables.push_back(t.id);
    all.party_size = 2;
    all.starts_at = {on.days * ms_per_day + 17 * 60 * ms_per_minute};
    all.blocks_from = all.starts_at;
    all.blocks_until = all.starts_at.plus_minutes(8 * 60);
    h.stock.take_claim(make_id<hold_id>(key), all);
}

TEST(Refusals, ABlockThatWasToldNothingRefusesNothing) {
    const refusal_block block;
    for (const int party : {-1, 0, 1, 7, 20, 100})
        EXPECT_EQ(block.refused(wanted_time{monday, seven, 0, party}.refusals()), 0U);
}

TEST(Refusals, OutsideTheWeeksHours) {
    restaurant place = test::small_restaurant();
    place.profile.hours = test::every_day("18:00-23:00");
    place.profile.hours.days[1].clear();
    place.profile.hours.days[4] = *parse_day_hours("20:00-02:00");
    const house h(place);
    EXPECT_FALSE(h.is_refused({monday, clock_min(18, 0), 0, 2}));
    EXPECT_TRUE(h.is_refused({monday, clock_min(17, 59), 0, 2}));
    EXPECT_FALSE(h.is_refused({monday, clock_min(17, 59), 1, 2}));
    EXPECT_TRUE(h.is_refused({monday, clock_min(12, 0), 329, 2}));
    EXPECT_FALSE(h.is_refused({monday, clock_min(12, 0), 360, 2}));
    EXPECT_TRUE(h.is_refused({monday.plus_days(1), seven, 300, 2})) << "closed on Tuesdays";
    const date friday = monday.plus_days(4);
    EXPECT_FALSE(h.is_refused({friday, clock_min(1, 30), 0, 2})) << "of the night after";
    EXPECT_TRUE(h.is_refused({friday, clock_min(2, 0), 0, 2}));
    EXPECT_FALSE(h.is_refused({friday, clock_min(2, 30), 60, 2}));
    EXPECT_FALSE(h.is_refused({friday, clock_min(19, 30), 30, 2}));
    EXPECT_FALSE(h.is_refused({friday, 10, 30, 2})) << "23:40 is in its window";
}

TEST(Refusals, PartiesThatTheHouseNeverTakes) {
    restaurant place = test::small_restaurant();
    place.rules.min_party = 2;
    house h(place);
    EXPECT_TRUE(h.is_refused({monday, seven, 0, 1}));
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 2}));
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 4}));
    EXPECT_TRUE(h.is_refused({monday, seven, 0, 5}));
    EXPECT_TRUE(h.is_refused({monday, seven, 0, 100}));
    h.place.tables.push_back(test::make_table(9, 60));
    h.place.rules.max_party = 60;
    h.reconfigure();
    h.publish();
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 5}));
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 19}));
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 60}));
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 61})) << "told together with 60: to be asked";
    EXPECT_FALSE(can_seat(h.live, {monday, seven, 0, 61}, h.now));
}

TEST(Refusals, WhatIsSoldOutUntilItIsFreeAgain) {
    house h(test::small_restaurant());
    fill(h, monday);
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 2})) << "not published";
    h.publish();
    for (const int party : {1, 2, 3, 4}) EXPECT_TRUE(h.is_refused({monday, seven, 60, party})) << party;
    EXPECT_FALSE(h.is_refused({monday.plus_days(1), seven, 0, 2}));
    EXPECT_FALSE(h.is_refused({monday.plus_days(refusal_block::days_kept), seven, 0, 2}));
    h.stock.release_claim(make_id<hold_id>(1));
    h.publish();
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 2}));

    // The last table for four goes; two can still sit.
    h.book(7, monday, seven, 4);
    h.publish();
    EXPECT_TRUE(h.is_refused({monday, seven, 0, 4}));
    EXPECT_TRUE(h.is_refused({monday, seven, 0, 3}));
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 2}));
    EXPECT_FALSE(h.is_refused({monday, seven, 120, 4})) << "21:00";
    const auto ticket = h.stock.begin_release(make_id<reservation_id>(7));
    h.publish();
    EXPECT_TRUE(h.is_refused({monday, seven, 0, 4})) << "not before the commit";
    h.stock.commit_release(ticket);
    h.publish();
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 4}));
}

TEST(Refusals, HoursDontBindSpecialDaysAndPublishedSlots) {
    restaurant place = test::small_restaurant();
    place.special_days = {{monday, *parse_day_hours("10:00-14:00"), "brunch"}};
    house h(place);
    EXPECT_FALSE(h.is_refused({monday, clock_min(10, 0), 0, 2}));
    EXPECT_TRUE(h.is_refused({monday.plus_days(7), clock_min(10, 0), 0, 2}));
    const date tuesday = monday.plus_days(1);
    h.stock.upsert_slot(make_slot(1, tuesday, clock_min(11, 0), 2, 1));
    h.publish();
    EXPECT_FALSE(h.is_refused({tuesday, clock_min(11, 0), 0, 2}));
    h.book(1, tuesday, clock_min(11, 0), 2);
    h.publish();
    EXPECT_TRUE(h.is_refused({tuesday, clock_min(11, 0), 0, 2})) << "its one table is taken";
    h.stock.commit_release(h.stock.begin_release(make_id<reservation_id>(1)));
    h.stock.remove_slot(make_id<slot_id>(1));
    h.publish();
    EXPECT_TRUE(h.is_refused({tuesday, clock_min(11, 0), 0, 2}));

    place.tables.clear();
    house without(place);
    EXPECT_TRUE(without.is_refused({tuesday, seven, 300, 2})) << "nothing is published";
    without.stock.upsert_slot(make_slot(1, tuesday, seven, 2, 1));
    without.publish();
    EXPECT_FALSE(without.is_refused({tuesday, seven, 0, 2}));
    EXPECT_TRUE(without.is_refused({tuesday.plus_days(1), seven, 0, 2}));
}

// Two owners, one block: what one writes leaves the other's bits alone.
TEST(Refusals, NeighboursKeepTheirOwnBits) {
    house a(test::small_restaurant()), b(test::small_restaurant());
    b.live.refusals = a.block.get();
    b.live.refusal_number = 64 * 3 + 63;
    b.publish();
    const auto refused = [&a](const wanted_time& wanted) { return a.block->refused(wanted.refusals()); };
    const std::uint64_t of_a = std::uint64_t{1} << 37, of_b = std::uint64_t{1} << 63;
    EXPECT_EQ(refused({monday, clock_min(3, 0), 0, 2}), of_a | of_b);
    EXPECT_EQ(refused({monday, seven, 0, 2}), 0U);
    fill(b, monday);
    b.publish();
    EXPECT_EQ(refused({monday, seven, 0, 2}), of_b);
    fill(a, monday);
    a.publish();
    EXPECT_EQ(refused({monday, seven, 0, 2}), of_a | of_b);
    b.stock.release_claim(make_id<hold_id>(1));
    b.publish();
    EXPECT_EQ(refused({monday, seven, 0, 2}), of_a);
}

TEST(Refusals, AReloadTellsAllAnew) {
    house h(test::small_restaurant());
    fill(h, monday);
    h.publish();
    EXPECT_TRUE(h.is_refused({monday, seven, 0, 2}));
    inventory fresh(test::view_of(h.place, h.where));
    h.stock.withdraw(h.graveyard);
    h.stock = std::move(fresh);
    fill(h, monday.plus_days(1));
    h.publish();
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 2}));
    EXPECT_TRUE(h.is_refused({monday.plus_days(1), seven, 0, 2}));
}

TEST(Refusals, OfTwoDaysThatMeetTheNearerIsKept) {
    house h(test::small_restaurant());
    const date later = monday.plus_days(refusal_block::days_kept);
    fill(h, later, 1);
    h.publish();
    EXPECT_TRUE(h.is_refused({later, seven, 0, 2}));
    fill(h, monday, 2);
    const std::size_t handed_back = h.graveyard.size();
    h.publish();
    EXPECT_GT(h.graveyard.size(), handed_back + 1) << "besides the index";
    EXPECT_TRUE(h.is_refused({monday, seven, 0, 2}));
    EXPECT_FALSE(h.is_refused({later, seven, 0, 2})) << "to be asked";
    EXPECT_FALSE(can_seat(h.live, {later, seven, 0, 2}, h.now));
    fill(h, later.plus_days(refusal_block::days_kept), 3);
    h.publish();
    EXPECT_TRUE(h.is_refused({monday, seven, 0, 2}));
}

TEST(Refusals, DaysThatAreOverMakeRoom) {
    house h(test::small_restaurant());
    fill(h, monday, 1);
    h.publish();
    const std::size_t bytes = h.block->bytes();
    h.stock.forget_before(monday.plus_days(1));
    h.publish();
    EXPECT_LT(h.block->bytes(), bytes);
    EXPECT_FALSE(h.is_refused({monday, seven, 0, 2}));
    const date later = monday.plus_days(refusal_block::days_kept);
    fill(h, later, 2);
    h.publish();
    EXPECT_TRUE(h.is_refused({later, seven, 0, 2}));
}

// Owners write their bits of the same words while readers look: nobody is ever refused who never refuses, and
// everybody's last word stands.
TEST(Refusals, OwnersAndReadersAtOnce) {
    constexpr unsigned owners = 3;
    constexpr int rounds = 3000;
    refusal_block block;
    const wanted_time wanted{monday, seven, 0, 2};
    std::atomic<unsigned> left{owners};
    std::array<std::vector<retired>, owners> graveyards;
    std::vector<std::thread> threads;
    for (unsigned owner = 0; owner < owners; ++owner) {
        threads.emplace_back([&, owner] {
            sold_out_half_hours all{};
            all.fill(refusal_place::all_half_hours);
            refusal_place place(&block, 20 * owner);
            for (int i = 0; i < rounds; ++i) {
                const date on = monday.plus_days(i % 3 * static_cast<int>(refusal_block::days_kept));
                place.show_day(on, i % 2 == 0 ? all : sold_out_half_hours{}, refusal_place::all_half_hours,
                               monday, graveyards[owner]);
                if (i % 100 == 0) place.forget_before(monday, graveyards[owner]);
            }
            place.show_day(monday, all, refusal_place::all_half_hours, monday, graveyards[owner]);
            --left;
        });
    }
    const std::uint64_t writers = 1ULL | 1ULL << 20 | 1ULL << 40;
    while (left != 0) ASSERT_EQ(block.refused(wanted.refusals()) & ~writers, 0U);
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(block.refused(wanted.refusals()), writers);
}

}  // namespace refusals_test
}  // namespace qtable
