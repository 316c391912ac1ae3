// How restaurants came to have two parties at one table, one test for each story.
#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace double_booking_test {

using test::clock_min;
using test::day;
using test::house;
using test::make_id;

const date monday = day("2026-11-23");
const int seven = clock_min(19, 0);

restaurant one_table() {
    restaurant place = test::small_restaurant();
    place.tables = {test::make_table(1, 4)};
    return place;
}

// Tables 1 and 2, which staff push together for parties of up to 8.
restaurant merged_tables() {
    restaurant place = test::small_restaurant();
    place.tables = {test::make_table(1, 4), test::make_table(2, 4)};
    place.combinations = {test::combine(1, {1, 2}, 8, 5)};
    return place;
}

table_id table_number(unsigned number) {
    return make_id<table_id>(number);
}

// What readers see after the next publication is what check() says.
void expect_refused(house& h, int minute, int party, reasons why) {
    EXPECT_EQ(h.check(monday, minute, party).reasons, why);
    h.publish();
    EXPECT_EQ(h.read_at(monday, minute, party).reasons, why);
    EXPECT_FALSE(can_seat(h.live, {monday, minute, 0, party}, h.now));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(DoubleBooking, TwoPendingAtOnce) {
    house h(one_table());
    const verdict first = h.check(monday, seven, 2);
    const verdict second = h.check(monday, seven, 2);
    ASSERT_TRUE(first.is_available() && second.is_available()) << "both looked before either booked";
    h.stock.take(h.reserve(1, monday, seven, 2, first));
    // Neither is committed: the decision alone takes the table, and the second is asked again when decided.
    expect_refused(h, seven, 2, reason::no_table);
    EXPECT_FALSE(h.stock.tables_free(h.stock.tables_of(second), second.blocks_from, second.blocks_until, {}));
}

TEST(DoubleBooking, AHeldTableTakenByAnother) {
    house h(one_table());
    const verdict mine = h.check(monday, seven, 2);
    const hold_id hold = make_id<hold_id>(7);
    h.stock.take_claim(hold, {h.stock.tables_of(mine), std::nullopt, 2, mine.starts_at, mine.blocks_from,
                              mine.blocks_until});
    expect_refused(h, seven, 2, reason::no_table);
    expect_refused(h, clock_min(20, 30), 2, reason::no_table);
    EXPECT_TRUE(h.check(monday, seven, 2, hold).is_available());
    // It becomes a reservation in one step: nobody comes between.
    const reservation r = h.reserve(1, monday, seven, 2, h.check(monday, seven, 2, hold));
    h.stock.release_claim(hold);
    h.stock.take(r);
    expect_refused(h, seven, 2, reason::no_table);
}

TEST(DoubleBooking, AHeldUnitOfASlotTakenByAnother) {
    restaurant place = test::small_restaurant();
    place.tables.clear();
    house h(place);
    h.stock.upsert_slot(test::make_slot(1, monday, seven, 4, 1));
    const verdict mine = h.check(monday, seven, 2);
    const hold_id hold = make_id<hold_id>(7);
    h.stock.take_claim(hold, {{}, mine.slot, 2, mine.starts_at, mine.blocks_from, mine.blocks_until});
    expect_refused(h, seven, 4, reason::blocked);
    EXPECT_EQ(h.stock.find_slot(make_id<slot_id>(1))->available_tables, 1) << "as the database has it";
    EXPECT_EQ(h.stock.find_slot(make_id<slot_id>(1))->version, 1);
}

TEST(DoubleBooking, ACombinationIsItsMembers) {
    house h(merged_tables());
    const reservation six = h.book(1, monday, seven, 6);
    EXPECT_EQ(six.tables, (std::vector{table_number(1), table_number(2)}));
    expect_refused(h, seven, 2, reason::no_table);
    expect_refused(h, clock_min(20, 0), 4, reason::no_table);

    house other(merged_tables());
    other.book(1, monday, clock_min(20, 0), 2);
    expect_refused(other, seven, 6, reason::no_table);
    EXPECT_TRUE(other.check(monday, seven, 4).is_available()) << "the other member alone is free";
}

TEST(DoubleBooking, ALongStayThatBeganEarlier) {
    restaurant place = one_table();
    place.rules.turn_times = {{2, 60}, {100, 240}};
    house h(place);
    h.book(1, monday, clock_min(18, 0), 4);  // until 22:00
    for (const int minute : {seven, clock_min(20, 0), clock_min(21, 30)}) {
        expect_refused(h, minute, 2, reason::no_table);
    }
    EXPECT_TRUE(h.check(monday, clock_min(22, 0), 2).is_available());
}

TEST(DoubleBooking, ATailThatRunsIntoTheNext) {
    restaurant place = one_table();
    place.rules.turn_times = {{2, 60}, {100, 120}};
    house h(place);
    h.book(1, monday, clock_min(20, 0), 2);
    EXPECT_TRUE(h.check(monday, seven, 2).is_available());
    EXPECT_EQ(h.check(monday, seven, 3).reasons, reason::no_table) << "a party of 3 stays until 21:00";
    // Seated, they stay on: what is taken is what was agreed, not the turn time.
    const instant nine = test::at("2026-11-23T21:00:00Z");
    EXPECT_EQ(h.stock.free_until(std::vector{table_number(1)}, nine.plus_minutes(-180), {}),
              nine.plus_minutes(-60));
    expect_refused(h, seven, 3, reason::no_table);
}

TEST(DoubleBooking, ABufferIsTakenToo) {
    restaurant place = one_table();
    place.rules.buffer_before_min = 10;
    place.rules.buffer_after_min = 15;
    place.rules.slot_interval_min = 5;
    house h(place);
    h.book(1, monday, clock_min(20, 0), 2);  // 19:50–22:15
    place.rules.turn_times = {{100, 60}};
    h.place = place;
    h.reconfigure();
    EXPECT_TRUE(h.check(monday, clock_min(18, 35), 2).is_available()) << "60 + 15 minutes end at 19:50";
    expect_refused(h, clock_min(18, 40), 2, reason::no_table);
}

TEST(DoubleBooking, TheBufferBeforeMeetsALateWalkIn) {
    restaurant place = one_table();
    place.rules.buffer_before_min = 15;
    house h(place);
    h.book(1, monday.plus_days(1), seven, 2);
    h.stock.upsert_slot(test::make_slot(1, monday, clock_min(18, 0), 2, 5));  // the day has a board
    h.publish();
    EXPECT_TRUE(h.read_at(monday, clock_min(20, 30), 2).is_available());
    capacity_claim late{{table_number(1)}, std::nullopt, 2, {}, {}, {}};
    late.starts_at = late.blocks_from = test::at("2026-11-23T18:00:00Z");
    late.blocks_until = test::at("2026-11-23T20:20:00Z");
    h.stock.take_claim(make_id<guest_id>(9), late);
    expect_refused(h, clock_min(20, 30), 2, reason::no_table);
}

TEST(DoubleBooking, AChangeThatFailsLeavesTheOld) {
    house h(one_table());
    const reservation mine = h.book(1, monday, clock_min(18, 0), 2);
    h.book(2, monday, clock_min(20, 0), 2);
    EXPECT_EQ(h.check(monday, seven, 2, mine.id).reasons, reason::no_table);
    EXPECT_EQ(h.stock.find(mine.id)->starts_at, mine.starts_at);
    EXPECT_EQ(h.stock.find(mine.id)->tables, mine.tables);
    expect_refused(h, clock_min(18, 0), 2, reason::no_table);
}

TEST(DoubleBooking, ATurnTimeThatIsNoMultipleOfTheInterval) {
    restaurant place = one_table();
    place.rules.turn_times = {{100, 100}};
    place.rules.slot_interval_min = 15;
    house h(place);
    h.book(1, monday, clock_min(18, 0), 2);  // until 19:40
    expect_refused(h, clock_min(19, 30), 2, reason::no_table);
    EXPECT_TRUE(h.check(monday, clock_min(19, 45), 2).is_available());
}

TEST(DoubleBooking, OneMinuteMore) {
    house h(one_table());
    const reservation r = h.book(1, monday, seven, 2);
    const std::vector one{table_number(1)};
    EXPECT_TRUE(h.stock.tables_free(one, r.blocks_until, r.blocks_until.plus_minutes(30), {}));
    EXPECT_FALSE(h.stock.tables_free(one, r.blocks_until.plus_minutes(-1), r.blocks_until, {}));
    EXPECT_TRUE(h.stock.tables_free(one, r.blocks_from.plus_minutes(-30), r.blocks_from, {}));
    EXPECT_FALSE(
        h.stock.tables_free(one, r.blocks_from.plus_minutes(-30), r.blocks_from.plus_minutes(1), {}));
    // A stay of 121 minutes takes the whole cell that it ends in.
    reservation longer = r;
    longer.blocks_until = r.blocks_until.plus_minutes(1);
    h.stock.commit_release(h.stock.begin_move(longer));
    EXPECT_FALSE(h.stock.tables_free(one, r.blocks_until, r.blocks_until.plus_minutes(30), {}));
    expect_refused(h, clock_min(21, 0), 2, reason::no_table);
}

TEST(DoubleBooking, ChangeAndCancelAtOnce) {
    house h(one_table());
    h.book(1, monday, clock_min(18, 0), 2);
    const release_ticket changed = h.move(1, monday, clock_min(20, 0), 2);
    const release_ticket cancelled = h.stock.begin_release(make_id<reservation_id>(1));
    // Neither is committed: both places are taken, and given back each by its own commit.
    expect_refused(h, clock_min(18, 0), 2, reason::no_table);
    expect_refused(h, clock_min(20, 0), 2, reason::no_table);
    h.stock.commit_release(cancelled);
    EXPECT_TRUE(h.check(monday, clock_min(20, 0), 2).is_available());
    expect_refused(h, clock_min(18, 0), 2, reason::no_table);
    h.stock.commit_release(changed);
    EXPECT_TRUE(h.check(monday, clock_min(18, 0), 2).is_available());
    EXPECT_EQ(h.stock.memory().occupancy_days, 0U) << "given back once, not twice";
}

TEST(DoubleBooking, AWalkInAtATableThatIsBookedLater) {
    house h(one_table());
    const reservation later = h.book(1, monday, clock_min(20, 0), 2);
    const std::vector one{table_number(1)};
    const instant now = test::at("2026-11-23T18:30:00Z");
    EXPECT_EQ(h.stock.choose_tables(2, now, now.plus_minutes(120), one, {}), std::nullopt);
    ASSERT_EQ(h.stock.choose_tables(2, now, later.blocks_from, one, {}), one);
    guest walk_in;
    walk_in.party_size = 2;
    walk_in.tables = one;
    walk_in.blocks_from = now;
    walk_in.blocks_until = later.blocks_from;
    const guest_id key = make_id<guest_id>(9);
    h.stock.take_claim(key, claim_of(walk_in));
    expect_refused(h, clock_min(18, 0), 2, reason::no_table);
    // They leave early; until that is durable nobody is promised their table.
    const release_ticket left = h.stock.begin_release_claim(key);
    expect_refused(h, clock_min(18, 0), 2, reason::no_table);
    h.stock.commit_release(left);
    EXPECT_TRUE(h.check(monday, clock_min(18, 0), 2).is_available());
}

TEST(DoubleBooking, APartySeatedEarlyAtItsOwnTable) {
    house h(one_table());
    const reservation r = h.book(1, monday, clock_min(20, 0), 2);
    reservation seated = r;
    seated.status = reservation_status::seated;
    seated.blocks_from = r.blocks_from.plus_minutes(-60);
    seated.blocks_until = r.blocks_until.plus_minutes(-60);
    const release_ticket ticket = h.stock.begin_move(seated);
    expect_refused(h, clock_min(21, 0), 2, reason::no_table);
    h.stock.commit_release(ticket);
    expect_refused(h, clock_min(18, 0), 2, reason::no_table);
    expect_refused(h, clock_min(20, 30), 2, reason::no_table);
    EXPECT_TRUE(h.check(monday, clock_min(21, 0), 2).is_available());
}

}  // namespace double_booking_test
}  // namespace qtable
