#include "core/inventory/inventory.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace inventory_test {

using test::at;
using test::clock_min;
using test::day;
using test::house;
using test::make_id;

const date monday = day("2026-11-23");
const int seven = clock_min(19, 0);

reservation_id booking(unsigned number) {
    return make_id<reservation_id>(number);
}

restaurant one_table() {
    restaurant place = test::small_restaurant();
    place.tables = {test::make_table(1, 4)};
    return place;
}

TEST(Inventory, FindsReservationsByIdDateAndCustomer) {
    house h(test::small_restaurant());
    const reservation late = h.book(1, monday, clock_min(20, 0), 2);
    const reservation early = h.book(2, monday, clock_min(18, 0), 2);
    h.book(3, monday.plus_days(1), seven, 2);
    EXPECT_EQ(h.stock.find(late.id)->starts_at, late.starts_at);
    EXPECT_EQ(h.stock.find(booking(9)), nullptr);
    const auto on_monday = h.stock.reservations_on(monday);
    ASSERT_EQ(on_monday.size(), 2U);
    EXPECT_EQ(on_monday[0]->id, early.id);
    EXPECT_EQ(on_monday[1]->id, late.id);
    EXPECT_TRUE(h.stock.reservations_on(monday.plus_days(2)).empty());
    EXPECT_EQ(h.stock.reservation_count(), 3U);

    const auto overlapping = [&](instant from, instant until,
                                 std::optional<reservation_id> ignoring = std::nullopt) {
        return h.stock.find_overlapping(late.customer, from, until, ignoring);
    };
    EXPECT_EQ(overlapping(late.starts_at.plus_minutes(-60), late.starts_at), nullptr);
    EXPECT_NE(overlapping(late.starts_at.plus_minutes(-60), late.starts_at.plus_minutes(1)), nullptr);
    EXPECT_EQ(overlapping(late.ends_at, late.ends_at.plus_minutes(60)), nullptr);
    EXPECT_EQ(overlapping(late.starts_at, late.ends_at, late.id), nullptr);
    EXPECT_EQ(h.stock.find_overlapping(make_id<customer_id>(99), late.starts_at, late.ends_at, std::nullopt),
              nullptr);
}

TEST(Inventory, ACancelGivesBackAtTheCommit) {
    house h(one_table());
    h.book(1, monday, seven, 2);
    const release_ticket ticket = h.stock.begin_release(booking(1));
    EXPECT_EQ(h.stock.find(booking(1)), nullptr);
    EXPECT_TRUE(h.stock.reservations_on(monday).empty());
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::no_table);
    h.publish();
    EXPECT_EQ(h.read_at(monday, seven, 2).reasons, reason::no_table) << "readers don't see more either";
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    h.stock.commit_release(ticket);
    EXPECT_TRUE(h.check(monday, seven, 2).is_available());
    const publication told = h.publish();
    EXPECT_FALSE(told.changes.empty());
    EXPECT_TRUE(h.read_at(monday, seven, 2).is_available());
    EXPECT_EQ(h.stock.memory().occupancy_days, 0U);
}

TEST(Inventory, AMoveToOverlappingTimeOnTheSameTable) {
    house h(one_table());
    h.book(1, monday, seven, 2);
    EXPECT_EQ(h.check(monday, clock_min(20, 0), 2).reasons, reason::no_table);
    const release_ticket ticket = h.move(1, monday, clock_min(20, 0), 2);
    EXPECT_EQ(h.stock.find(booking(1))->minute, clock_min(20, 0));
    // Until the commit both are taken: 19:00–22:00.
    EXPECT_FALSE(h.check(monday, clock_min(18, 0), 2).is_available());
    EXPECT_FALSE(h.check(monday, clock_min(21, 0), 2).is_available());
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    h.stock.commit_release(ticket);
    EXPECT_TRUE(h.check(monday, clock_min(18, 0), 2).is_available());
    EXPECT_FALSE(h.check(monday, clock_min(19, 0), 2).is_available()) << "20:00 is still taken";
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Inventory, SeveralMovesBeforeTheFirstCommit) {
    house h(one_table());
    h.book(1, monday, seven, 2);
    const auto first = h.move(1, monday, clock_min(20, 0), 2);
    const auto second = h.move(1, monday, seven, 3);
    const auto third = h.move(1, monday, clock_min(18, 0), 3);
    const auto cancelled = h.stock.begin_release(booking(1));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    h.stock.commit_release(first);
    EXPECT_FALSE(h.check(monday, clock_min(21, 0), 2).is_available())
        << "20:00–22:00 waits for the second commit";
    h.stock.commit_release(second);
    EXPECT_TRUE(h.check(monday, clock_min(21, 0), 2).is_available());
    EXPECT_FALSE(h.check(monday, clock_min(20, 30), 2).is_available())
        << "19:00–21:00 is the third's old place";
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    h.stock.commit_release(third);
    EXPECT_TRUE(h.check(monday, clock_min(20, 0), 2).is_available());
    EXPECT_FALSE(h.check(monday, clock_min(18, 0), 2).is_available());
    h.stock.commit_release(cancelled);
    EXPECT_TRUE(h.check(monday, clock_min(18, 0), 2).is_available());
    EXPECT_EQ(h.stock.memory().occupancy_days, 0U);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Inventory, CommitsInAnyOrderLeaveTheSame) {
    house h(one_table());
    h.book(1, monday, seven, 2);
    const auto first = h.move(1, monday, clock_min(19, 30), 2);
    const auto second = h.move(1, monday, clock_min(20, 0), 2);
    h.stock.commit_release(second);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    h.stock.commit_release(first);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    EXPECT_TRUE(h.check(monday, clock_min(18, 0), 2).is_available());
    EXPECT_FALSE(h.check(monday, clock_min(21, 30), 2).is_available());
}

TEST(Inventory, AMoveThatIsNotToBeHadLeavesTheOldUntouched) {
    house h(one_table());
    h.book(1, monday, clock_min(18, 0), 2);
    h.book(2, monday, clock_min(20, 0), 2);
    EXPECT_EQ(h.check(monday, clock_min(19, 0), 2, booking(1)).reasons, reason::no_table)
        << "the other one sits there";
    EXPECT_TRUE(h.check(monday, clock_min(18, 0), 4, booking(1)).is_available());
}

TEST(Inventory, PacingDoesNotCountTheOneThatMoves) {
    restaurant place = test::small_restaurant();
    place.rules.pacing_parties = 1;
    house h(place);
    h.book(1, monday, seven, 2);
    EXPECT_EQ(h.check(monday, seven, 3).reasons, reason::pacing);
    EXPECT_TRUE(h.check(monday, seven, 3, booking(1)).is_available());
    h.stock.commit_release(h.move(1, monday, seven, 3));
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::pacing);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Inventory, AlternativesAreTheNearestBookable) {
    house h(one_table());
    h.book(1, monday, seven, 2);
    std::vector<int> minutes;
    for (const auto& other : h.stock.alternatives(h.asking(monday, seven, 2)))
        minutes.push_back(other.minute);
    EXPECT_EQ(minutes, (std::vector{clock_min(21, 0)})) << "18:00 would last until 20:00";
    h.stock.commit_release(h.stock.begin_release(booking(1)));
    minutes.clear();
    for (const auto& other : h.stock.alternatives(h.asking(monday, clock_min(19, 15), 2), 4)) {
        minutes.push_back(other.minute);
        EXPECT_EQ(other.available_tables, 1);
    }
    EXPECT_EQ(minutes,
              (std::vector{clock_min(19, 0), clock_min(19, 30), clock_min(18, 30), clock_min(20, 0)}));
    EXPECT_TRUE(h.stock.alternatives(h.asking(monday, seven, 9)).empty());
}

TEST(Inventory, StaffNameTheTables) {
    house h(test::small_restaurant());
    const reservation r = h.book(1, monday, seven, 2);
    const std::vector one{make_id<table_id>(1)}, two{make_id<table_id>(1), make_id<table_id>(2)},
        none{make_id<table_id>(8)};
    EXPECT_FALSE(h.stock.tables_free(one, r.blocks_from, r.blocks_until, std::nullopt));
    EXPECT_TRUE(h.stock.tables_free(two, r.blocks_from, r.blocks_until, r.id));
    EXPECT_TRUE(h.stock.tables_free(one, r.blocks_until, r.blocks_until.plus_minutes(60), std::nullopt));
    EXPECT_FALSE(h.stock.tables_free(none, r.blocks_from, r.blocks_until, std::nullopt));
    reservation assigned = r;
    assigned.tables = {make_id<table_id>(2), make_id<table_id>(3)};
    h.stock.commit_release(h.stock.begin_move(assigned));
    EXPECT_TRUE(h.stock.tables_free(one, r.blocks_from, r.blocks_until, std::nullopt));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Inventory, AmendKeepsCapacityAndChangesDetails) {
    house h(one_table());
    reservation r = h.book(1, monday, seven, 2);
    r.status = reservation_status::seated;
    r.special_requests = "window";
    h.stock.amend(r);
    EXPECT_EQ(h.stock.find(r.id)->special_requests, "window");
    EXPECT_EQ(h.stock.reservations_on(monday).size(), 1U);
}

TEST(Inventory, HoldsAndWalkInsTakeRealCapacity) {
    house h(one_table());
    const verdict answer = h.check(monday, seven, 2);
    const hold_id hold = make_id<hold_id>(5);
    h.stock.take_claim(hold, {h.stock.tables_of(answer), std::nullopt, 2, answer.starts_at,
                              answer.blocks_from, answer.blocks_until});
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::no_table);
    EXPECT_TRUE(h.check(monday, seven, 2, hold).is_available()) << "its owner turns it into a reservation";
    EXPECT_TRUE(h.stock.reservations_on(monday).empty());
    ASSERT_NE(h.stock.find_claim(hold), nullptr);
    EXPECT_EQ(h.stock.find_claim(hold)->party_size, 2);
    h.publish();
    EXPECT_FALSE(h.read_at(monday, seven, 2).is_available());
    h.stock.release_claim(hold);
    EXPECT_EQ(h.stock.find_claim(hold), nullptr);
    h.book(1, monday, seven, 2);
    EXPECT_EQ(h.stock.find_claim(booking(1)), nullptr);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Inventory, ReconfigureKeepsReservationsAtTheirTables) {
    house h(test::small_restaurant());
    const reservation four = h.book(1, monday, seven, 4);
    const reservation two = h.book(2, monday, seven, 2);
    const auto pending = h.move(2, monday, clock_min(21, 0), 2);
    h.place.tables[0].capacity = 9;  // other indexes
    h.place.tables.push_back(test::make_table(4, 1));
    h.reconfigure();
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    EXPECT_EQ(h.check(monday, seven, 4).available_tables, 0)
        << "the table of 4 is taken, and so is the one of 9";
    h.stock.commit_release(pending);
    EXPECT_EQ(h.stock.tables_of(h.check(monday, seven, 5)), two.tables);
    EXPECT_EQ(h.stock.find(four.id)->tables, four.tables);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Inventory, TablesInUse) {
    house h(one_table());
    const table_id table = make_id<table_id>(1);
    EXPECT_FALSE(h.stock.table_in_use(table, h.now));
    const reservation r = h.book(1, monday, seven, 2);
    EXPECT_TRUE(h.stock.table_in_use(table, h.now));
    EXPECT_FALSE(h.stock.table_in_use(table, r.blocks_until));
    const auto ticket = h.stock.begin_release(r.id);
    EXPECT_TRUE(h.stock.table_in_use(table, h.now)) << "until the commit";
    h.stock.commit_release(ticket);
    EXPECT_FALSE(h.stock.table_in_use(table, h.now));
}

TEST(Inventory, ATableThatIsGoneDoesNoHarm) {
    house h(test::small_restaurant());
    h.book(1, monday, seven, 4);
    const auto ticket = h.move(1, monday, clock_min(20, 0), 4);
    h.place.tables.pop_back();
    h.reconfigure();
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    h.publish();
    h.stock.commit_release(ticket);
    h.stock.commit_release(h.stock.begin_release(booking(1)));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Inventory, OutOfServiceIsNotSoldButKeepsItsReservations) {
    house h(one_table());
    h.book(1, monday, seven, 2);
    h.place.tables[0].status = table_status::out_of_service;
    h.reconfigure();
    h.publish();
    EXPECT_TRUE(h.check(monday, clock_min(21, 0), 2).reasons.has(reason::no_table));
    EXPECT_TRUE(h.read_at(monday.plus_days(1), seven, 2).reasons.has(reason::no_table));
    EXPECT_FALSE(
        h.stock.tables_free(std::vector{make_id<table_id>(1)}, h.now, h.now.plus_minutes(5), std::nullopt));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Inventory, InvariantsFindWhatTheDatabaseShouldNotHold) {
    house h(one_table());
    const reservation r = h.reserve(1, monday, seven, 2, h.check(monday, seven, 2));
    h.stock.restore(reservation(r));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    EXPECT_EQ(h.stock.check_restored(), std::nullopt);
    reservation twice = r;
    twice.id = booking(2);
    h.stock.restore(reservation(twice));
    const auto wrong = h.stock.check_invariants();
    ASSERT_TRUE(wrong);
    EXPECT_NE(wrong->find("taken twice"), std::string::npos) << *wrong;
    EXPECT_EQ(h.stock.check_restored(), wrong);
}

TEST(Inventory, WhatIsRestoredAtATableThatIsGoneIsLookedAtInFull) {
    house h(one_table());
    reservation gone = h.reserve(1, monday, seven, 2, h.check(monday, seven, 2));
    gone.tables = {make_id<table_id>(77)};
    h.stock.restore(reservation(gone));
    EXPECT_EQ(h.stock.check_restored(), std::nullopt);
    gone.id = booking(2);
    h.stock.restore(reservation(gone));
    EXPECT_NE(h.stock.check_restored().value_or("").find("taken twice"), std::string::npos);
}

TEST(Inventory, ASlotBelowZeroIsFoundAtBoot) {
    house h(one_table());
    slot value = test::make_slot(1, monday, seven, 2, 0);
    h.stock.upsert_slot(value);
    EXPECT_EQ(h.stock.check_restored(), std::nullopt);
    value.available_tables = -1;
    h.stock.upsert_slot(value);
    EXPECT_NE(h.stock.check_restored().value_or("").find("below zero"), std::string::npos);
}

TEST(InventoryDeathTest, TakingATableTwiceAborts) {
    house h(one_table());
    const reservation r = h.book(1, monday, seven, 2);
    reservation twice = r;
    twice.id = booking(2);
    EXPECT_DEATH(h.stock.take(twice), "is_free");
    EXPECT_DEATH(h.stock.take(r), "active");
    EXPECT_DEATH(h.stock.commit_release({booking(1), 1234}), "assertion failed");
    reservation elsewhere = r;
    elsewhere.party_size = 3;
    EXPECT_DEATH(h.stock.amend(elsewhere), "assertion failed");
}

}  // namespace inventory_test
}  // namespace qtable
