// The layer of published slots: caps, closing, counting down and back, restaurants without tables.
#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace slots_test {

using test::at;
using test::clock_min;
using test::day;
using test::house;
using test::make_id;
using test::make_slot;

const date monday = day("2026-11-23");
const int seven = clock_min(19, 0);

int left(const house& h, unsigned number) {
    return h.stock.find_slot(make_id<slot_id>(number))->available_tables;
}

restaurant without_tables() {
    restaurant place = test::small_restaurant();
    place.tables.clear();
    return place;
}

TEST(Slots, CapWhatTablesGive) {
    house h(test::small_restaurant());
    h.stock.upsert_slot(make_slot(1, monday, seven, 2, 1));
    h.publish();
    EXPECT_EQ(h.check(monday, seven, 2).available_tables, 1);
    EXPECT_EQ(h.check(monday, seven, 2).slot, make_id<slot_id>(1));
    EXPECT_EQ(h.check(monday, seven, 1).slot, make_id<slot_id>(1)) << "the smallest published size that fits";
    EXPECT_EQ(h.check(monday, seven, 3).slot, std::nullopt) << "none fits: the tables decide";
    EXPECT_EQ(h.check(monday, seven, 3).available_tables, 1);
    EXPECT_EQ(h.check(monday, clock_min(19, 30), 2).available_tables, 3);
    const start_view seen = h.read_at(monday, seven, 2);
    EXPECT_EQ(seen.available_tables, 1);
    ASSERT_NE(seen.slot, nullptr);
    EXPECT_EQ(*seen.slot, make_id<slot_id>(1));
    EXPECT_EQ(h.read_at(monday, seven, 3).slot, nullptr);
    h.stock.upsert_slot(make_slot(1, monday, seven, 2, 100));
    h.publish();
    EXPECT_EQ(h.read_at(monday, seven, 2).available_tables, 3) << "never more than there are";
}

TEST(Slots, AClosedSlotBlocks) {
    house h(test::small_restaurant());
    slot closed = make_slot(1, monday, seven, 4, 5);
    closed.is_available = false;
    h.stock.upsert_slot(closed);
    h.publish();
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::blocked);
    EXPECT_EQ(h.read_at(monday, seven, 4).reasons, reason::blocked);
    EXPECT_TRUE(h.read_at(monday, clock_min(19, 30), 4).reasons.none());
    EXPECT_TRUE(h.stock.remove_slot(closed.id));
    EXPECT_FALSE(h.stock.remove_slot(closed.id));
    h.publish();
    EXPECT_TRUE(h.read_at(monday, seven, 4).reasons.none());
    EXPECT_EQ(h.stock.memory().boards, 0U) << "the day is as the template again";
}

TEST(Slots, CountDownAndComeBackAtTheCommit) {
    house h(without_tables());
    h.stock.upsert_slot(make_slot(1, monday, seven, 2, 2));
    h.book(1, monday, seven, 2);
    EXPECT_EQ(left(h, 1), 1);
    EXPECT_EQ(h.stock.find_slot(make_id<slot_id>(1))->version, 2);
    h.book(2, monday, seven, 1);
    EXPECT_EQ(left(h, 1), 0);
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::blocked);
    const release_ticket ticket = h.stock.begin_release(make_id<reservation_id>(1));
    EXPECT_EQ(left(h, 1), 1) << "what the database will hold";
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::blocked) << "but not yet offered";
    h.stock.commit_release(ticket);
    EXPECT_EQ(h.check(monday, seven, 2).available_tables, 1);
    EXPECT_EQ(left(h, 1), 1);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Slots, AMoveOnTheLastUnitKeepsIt) {
    house h(without_tables());
    h.stock.upsert_slot(make_slot(1, monday, seven, 4, 1));
    h.book(1, monday, seven, 2);
    EXPECT_FALSE(h.check(monday, seven, 3).is_available());
    EXPECT_TRUE(h.check(monday, seven, 3, make_id<reservation_id>(1)).is_available());
    const auto first = h.move(1, monday, seven, 3);
    const auto second = h.move(1, monday, seven, 4);
    EXPECT_EQ(left(h, 1), 0);
    EXPECT_FALSE(h.check(monday, seven, 1).is_available());
    h.stock.commit_release(first);
    EXPECT_FALSE(h.check(monday, seven, 1).is_available());
    h.stock.commit_release(second);
    EXPECT_EQ(left(h, 1), 0);
    EXPECT_FALSE(h.check(monday, seven, 1).is_available());
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Slots, StaffMaySetANumberWhileReturnsArePending) {
    house h(without_tables());
    h.stock.upsert_slot(make_slot(1, monday, seven, 2, 3));
    h.book(1, monday, seven, 2);
    const auto ticket = h.stock.begin_release(make_id<reservation_id>(1));
    h.stock.upsert_slot(make_slot(1, monday, seven, 2, 1));
    EXPECT_FALSE(h.check(monday, seven, 2).is_available());
    h.stock.commit_release(ticket);
    EXPECT_EQ(h.check(monday, seven, 2).available_tables, 1);
}

TEST(Slots, WithoutTablesJustThePublishedOnesAreOffered) {
    house h(without_tables());
    EXPECT_TRUE(h.read(monday, 2).empty());
    h.stock.upsert_slot(make_slot(1, monday, seven, 2, 1000));
    h.stock.upsert_slot(make_slot(2, monday, clock_min(12, 10), 6, 4));
    h.publish();
    const auto pairs = h.read(monday, 2);
    ASSERT_EQ(pairs.size(), 2U);
    EXPECT_EQ(pairs[0].minute, clock_min(12, 10));
    EXPECT_EQ(pairs[0].available_tables, 4);
    EXPECT_EQ(pairs[1].available_tables, 1000) << "large numbers are told exactly";
    const auto fours = h.read(monday, 4);
    EXPECT_TRUE(fours[0].is_available());
    EXPECT_FALSE(fours[1].is_available());
    EXPECT_EQ(fours[1].reasons, h.check(monday, seven, 4).reasons);
    EXPECT_EQ(h.read(monday, 7)[0].reasons, h.check(monday, clock_min(12, 10), 7).reasons)
        << "larger than any";
    EXPECT_EQ(h.read(monday, 99)[0].reasons, h.check(monday, clock_min(12, 10), 99).reasons);
    EXPECT_TRUE(h.book(1, monday, seven, 2).tables.empty());
    h.publish();
    EXPECT_EQ(h.read(monday, 2)[1].available_tables, 999);
    EXPECT_TRUE(can_seat(h.live, {monday, clock_min(12, 0), 10, 5}, h.now));
    EXPECT_FALSE(can_seat(h.live, {monday, clock_min(12, 0), 9, 5}, h.now));
    EXPECT_FALSE(can_seat(h.live, {monday.plus_days(1), seven, 60, 2}, h.now));
}

TEST(Slots, OutsideTheHoursTheyAreExtraStarts) {
    house h(test::small_restaurant());
    h.stock.upsert_slot(make_slot(1, monday, clock_min(12, 0), 2, 2));
    h.stock.upsert_slot(make_slot(2, monday, clock_min(22, 30), 2, 2));
    h.publish();
    EXPECT_EQ(h.read(monday, 2).size(), 11U);
    EXPECT_EQ(h.read_at(monday, clock_min(12, 0), 2).available_tables, 2);
    EXPECT_EQ(h.read_at(monday, clock_min(12, 0), 3).reasons, reason::closed) << "opened for parties of 2";
    EXPECT_TRUE(h.read_at(monday, clock_min(22, 30), 2).is_available())
        << "opened explicitly, past the last seating";
    EXPECT_EQ(h.read_at(monday, clock_min(22, 30), 3).reasons, reason::closed);
    EXPECT_EQ(h.book(1, monday, clock_min(12, 0), 2).minute, clock_min(12, 0));
    const publication told = h.publish();
    ASSERT_FALSE(told.changes.empty());
    h.stock.remove_slot(make_id<slot_id>(1));
    h.publish();
    EXPECT_EQ(h.read(monday, 2).size(), 10U) << "the start goes with its slot";
}

TEST(Slots, TimesPastMidnightBelongToTheNight) {
    restaurant bar = test::small_restaurant();
    bar.profile.hours = test::every_day("20:00-03:00");
    house h(bar);
    h.stock.upsert_slot(make_slot(1, monday, clock_min(1, 10), 2, 1));
    h.stock.upsert_slot(make_slot(2, monday, clock_min(1, 0), 2, 1));
    h.publish();
    EXPECT_EQ(h.read_at(monday, 1510, 2).available_tables, 1);
    EXPECT_EQ(h.read_at(monday, 1510, 2).starts_at, at("2026-11-24T01:10:00Z"));
    EXPECT_EQ(h.read_at(monday, 1500, 2).available_tables, 1);
    EXPECT_EQ(h.check(monday, clock_min(1, 0), 2).slot, make_id<slot_id>(2));
    EXPECT_EQ(h.book(1, monday, clock_min(1, 10), 2).minute, 1510);
}

TEST(Slots, NoneInsideTheSpringGap) {
    house h(without_tables(), test::berlin());
    h.stock.upsert_slot(make_slot(1, day("2027-03-28"), clock_min(2, 30), 2, 1));
    h.publish();
    EXPECT_TRUE(h.read(day("2027-03-28"), 2).empty());
    EXPECT_EQ(h.stock.slots_on(day("2027-03-28")).size(), 1U);
}

TEST(Slots, OneForEachDateTimeAndSize) {
    house h(without_tables());
    h.stock.upsert_slot(make_slot(1, monday, seven, 2, 5));
    h.stock.upsert_slot(make_slot(2, monday, seven, 2, 7));
    EXPECT_EQ(h.stock.find_slot(make_id<slot_id>(1)), nullptr);
    EXPECT_EQ(h.stock.find_slot(monday, seven, 2)->available_tables, 7);
    EXPECT_EQ(h.stock.find_slot(monday, seven, 1), nullptr);
    h.stock.upsert_slot(make_slot(2, monday, seven, 4, 7));
    EXPECT_EQ(h.stock.find_slot(monday, seven, 2), nullptr);
    EXPECT_EQ(h.stock.find_slot(monday, seven, 4)->id, make_id<slot_id>(2));
    EXPECT_EQ(h.stock.slots_on(monday).size(), 1U);
    h.stock.forget_before(monday.plus_days(1));
    EXPECT_TRUE(h.stock.slots_on(monday).empty());
    EXPECT_EQ(h.stock.find_slot(make_id<slot_id>(2)), nullptr);
}

TEST(Slots, RestoredReservationsHaveBeenCountedAlready) {
    house h(without_tables());
    h.stock.upsert_slot(make_slot(1, monday, seven, 2, 4));
    const reservation r = h.reserve(1, monday, seven, 2, h.check(monday, seven, 2));
    h.stock.restore(reservation(r));
    EXPECT_EQ(left(h, 1), 4);
    h.stock.commit_release(h.stock.begin_release(r.id));
    EXPECT_EQ(left(h, 1), 5);
}

TEST(Slots, AHoldKeepsAUnitWithoutCountingItDown) {
    house h(without_tables());
    h.stock.upsert_slot(make_slot(1, monday, seven, 2, 1));
    const verdict answer = h.check(monday, seven, 2);
    const hold_id hold = make_id<hold_id>(77);
    h.stock.take_claim(hold, {{}, answer.slot, 2, answer.starts_at, answer.blocks_from, answer.blocks_until});
    EXPECT_EQ(left(h, 1), 1) << "a hold is not stored";
    EXPECT_EQ(h.check(monday, seven, 2).reasons, reason::blocked);
    const verdict mine = h.check(monday, seven, 2, hold);
    EXPECT_TRUE(mine.is_available());
    EXPECT_EQ(mine.slot, make_id<slot_id>(1));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
    h.stock.release_claim(hold);
    h.book(1, monday, seven, 2);
    EXPECT_EQ(left(h, 1), 0);
}

}  // namespace slots_test
}  // namespace qtable
