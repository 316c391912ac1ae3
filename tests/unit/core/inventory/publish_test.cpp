// What other cores see: boards, changes told, what is handed back for reclamation, and the reader.
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace publish_test {

using test::at;
using test::clock_min;
using test::day;
using test::house;
using test::make_id;

const date monday = day("2026-11-23");
const int seven = clock_min(19, 0);

TEST(Publish, NothingIsThereBeforeTheFirst) {
    const live_restaurant live;
    int seen = 0;
    for_each_start(live, monday, 2, instant{}, [&seen](const start_view&) { ++seen; });
    EXPECT_EQ(seen, 0);
    EXPECT_FALSE(can_seat(live, {monday, seven, 0, 2}, instant{}));
}

TEST(Publish, OnlyDaysWithSomethingBookedHaveABoard) {
    house h(test::small_restaurant());
    EXPECT_EQ(h.stock.memory().boards, 0U);
    EXPECT_EQ(h.read(monday, 2).size(), 10U) << "from the template";
    h.book(1, monday, seven, 2);
    h.publish();
    EXPECT_EQ(h.stock.memory().boards, 1U);
    EXPECT_EQ(h.read(monday, 2).size(), 10U);
    EXPECT_EQ(h.read_at(monday, seven, 2).available_tables, 2);
    EXPECT_EQ(h.read_at(monday, clock_min(18, 0), 2).available_tables, 2);
    EXPECT_EQ(h.read_at(monday, clock_min(21, 0), 2).available_tables, 3);
    h.stock.commit_release(h.stock.begin_release(make_id<reservation_id>(1)));
    h.publish();
    EXPECT_EQ(h.stock.memory().boards, 0U);
}

TEST(Publish, ANightReachesIntoTheNextBusinessDay) {
    restaurant place = test::small_restaurant();
    place.profile.hours = test::every_day("00:00-24:00");
    house h(place, test::berlin());
    h.book(1, monday, clock_min(23, 0), 4);
    h.publish();
    EXPECT_EQ(h.stock.memory().boards, 2U) << "Monday and Tuesday's first starts";
    EXPECT_EQ(h.read_at(monday.plus_days(1), 30, 4).reasons, reason::no_table);
    EXPECT_TRUE(h.read_at(monday.plus_days(1), 60, 4).is_available());
}

TEST(Publish, TellsWhichCellsChanged) {
    house h(test::small_restaurant());
    h.book(1, monday, seven, 4);
    const publication told = h.publish();
    EXPECT_FALSE(told.everything_changed);
    std::map<std::pair<int, int>, availability_change> cells;
    for (const availability_change& c : told.changes) cells[{c.minute, c.party_size}] = c;
    EXPECT_EQ(cells.size(), told.changes.size());
    // 18:00 … 20:30 meet 19:00–21:00, for parties of 1–4.
    EXPECT_EQ(cells.size(), 6U * 4U);
    EXPECT_EQ((cells[{seven, 2}].available_tables), 2);
    EXPECT_TRUE((cells[{seven, 2}].is_available));
    EXPECT_EQ((cells[{seven, 4}].available_tables), 0);
    EXPECT_FALSE((cells[{seven, 4}].is_available));
    EXPECT_EQ((cells[{seven, 4}].date), monday);
    EXPECT_TRUE(h.publish().changes.empty()) << "told once";
    h.book(2, monday, seven, 2);
    EXPECT_EQ(h.publish().changes.size(), 6U * 2U) << "now on a board that exists: parties of 1 and 2";
}

TEST(Publish, ASlotIsToldWithItsId) {
    house h(test::small_restaurant());
    h.stock.upsert_slot(test::make_slot(1, monday, seven, 2, 3));
    const publication told = h.publish();
    ASSERT_EQ(told.changes.size(), 2U) << "parties of 1 and 2: the same number, now of a slot";
    EXPECT_EQ(told.changes[0].slot, make_id<slot_id>(1));
    h.stock.upsert_slot(test::make_slot(1, monday, seven, 2, 1));
    const publication lower = h.publish();
    ASSERT_EQ(lower.changes.size(), 2U);
    EXPECT_EQ(lower.changes[1].available_tables, 1);
    EXPECT_EQ(lower.changes[1].slot, make_id<slot_id>(1));
}

TEST(Publish, PartiesBelowTheRulesAreNotTold) {
    restaurant place = test::small_restaurant();
    place.rules.min_party = 3;
    house h(place);
    h.book(1, monday, seven, 3);
    for (const availability_change& c : h.publish().changes) EXPECT_GE(c.party_size, 3);
}

TEST(Publish, ANewConfigurationIsToldAsAWhole) {
    house h(test::small_restaurant());
    h.book(1, monday, seven, 2);
    h.publish();
    h.place.tables.push_back(test::make_table(9, 6));
    h.reconfigure();
    publication told = h.publish();
    EXPECT_TRUE(told.everything_changed);
    EXPECT_TRUE(told.changes.empty());
    EXPECT_EQ(h.read_at(monday, seven, 2).available_tables, 3);
    EXPECT_EQ(h.read_at(monday, seven, 6).available_tables, 1);
    EXPECT_EQ(h.read_at(monday.plus_days(1), seven, 6).available_tables, 1);

    h.place.profile.name = "Another name";
    h.place.tables[0].status = table_status::occupied;
    h.reconfigure();
    told = h.publish();
    EXPECT_FALSE(told.everything_changed) << "no matter of capacity";
    EXPECT_EQ(h.live.view.load()->config->profile.name, "Another name");

    h.place.paused_until = at("2030-01-01T00:00:00Z");
    h.reconfigure();
    EXPECT_TRUE(h.publish().everything_changed);
    EXPECT_EQ(h.read_at(monday, seven, 2).reasons, reason::paused);
}

TEST(Publish, OtherHoursMakeOtherStarts) {
    house h(test::small_restaurant());
    h.book(1, monday, clock_min(18, 0), 4);
    h.publish();
    h.place.profile.hours = test::every_day("19:00-24:00");
    h.reconfigure();
    h.publish();
    EXPECT_EQ(h.read(monday, 4).front().minute, seven);
    EXPECT_EQ(h.read_at(monday, seven, 4).reasons, reason::no_table)
        << "the old reservation sits until 20:00";
    EXPECT_TRUE(h.read_at(monday, clock_min(20, 0), 4).is_available());
    h.place.profile.hours = test::every_day("");
    h.reconfigure();
    h.publish();
    EXPECT_TRUE(h.read(monday, 4).empty());
    EXPECT_EQ(h.stock.find(make_id<reservation_id>(1))->minute, clock_min(18, 0));
}

TEST(Publish, WhatIsReplacedIsHandedBackAlive) {
    house h(test::small_restaurant());
    const board_index* const before = h.live.boards.load();
    std::weak_ptr<const void> watched;
    h.graveyard.clear();
    h.book(1, monday, seven, 2);
    h.publish();
    ASSERT_NE(h.live.boards.load(), before);
    ASSERT_EQ(h.graveyard.size(), 1U) << "the index before";
    EXPECT_EQ(h.graveyard[0].get(), before);
    EXPECT_TRUE(before->days.empty()) << "readers may look at it as long as it is held";
    h.graveyard.clear();

    const day_board* const board = h.live.boards.load()->find(monday);
    h.book(2, monday, seven, 2);
    h.publish();
    EXPECT_EQ(h.live.boards.load()->find(monday), board) << "numbers change in place";
    EXPECT_TRUE(h.graveyard.empty());
    h.stock.upsert_slot(test::make_slot(1, monday, seven, 2, 1));
    h.publish();
    EXPECT_NE(h.live.boards.load()->find(monday), board) << "slots are part of the board";
    EXPECT_EQ(h.graveyard.size(), 2U) << "board and index";
    watched = h.graveyard[0];
    h.graveyard.clear();
    EXPECT_TRUE(watched.expired()) << "nobody else holds it";
}

TEST(Publish, AReloadedInventoryTakesOver) {
    house h(test::small_restaurant());
    h.book(1, monday, seven, 4);
    h.publish();
    inventory fresh(test::view_of(h.place, h.where));
    fresh.publish(h.live, h.graveyard);
    EXPECT_TRUE(h.read_at(monday, seven, 4).is_available());
    h.graveyard.clear();
    const std::weak_ptr<const void> old_view = test::view_of(h.place, h.where);
    h.stock.withdraw(h.graveyard);
    EXPECT_EQ(h.graveyard.size(), 3U) << "a board, the index, the view";
    h.stock = std::move(fresh);
    h.book(2, monday, seven, 4);
    h.publish();
    EXPECT_FALSE(h.read_at(monday, seven, 4).is_available());
}

TEST(Publish, DaysThatAreOverGiveTheirMemoryBack) {
    house h(test::small_restaurant());
    h.book(1, monday, seven, 2);
    h.stock.upsert_slot(test::make_slot(1, monday, seven, 2, 1));
    h.book(2, monday.plus_days(1), seven, 2);
    h.publish();
    EXPECT_EQ(h.stock.memory().boards, 2U);
    h.stock.forget_before(monday.plus_days(1));
    EXPECT_TRUE(h.publish().changes.empty());
    EXPECT_EQ(h.stock.memory().boards, 1U);
    EXPECT_NE(h.stock.find(make_id<reservation_id>(1)), nullptr)
        << "reservations stay until they are released";
    h.place.rules.window_days = 30;
    h.reconfigure();
    h.publish();
    EXPECT_EQ(h.stock.memory().boards, 1U);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Reader, SearchLooksWithinTheWindow) {
    house h(test::small_restaurant(), test::berlin());
    for (const bool with_board : {false, true}) {
        if (with_board) {
            h.book(1, monday, seven, 4);
            h.publish();
        }
        EXPECT_TRUE(can_seat(h.live, {monday, seven, 0, 2}, h.now));
        EXPECT_EQ(can_seat(h.live, {monday, seven, 0, 4}, h.now), !with_board);
        EXPECT_EQ(can_seat(h.live, {monday, seven, 119, 4}, h.now), !with_board);
        EXPECT_TRUE(can_seat(h.live, {monday, seven, 120, 4}, h.now)) << "21:00";
        EXPECT_FALSE(can_seat(h.live, {monday, seven + 10, 9, 2}, h.now));
        EXPECT_TRUE(can_seat(h.live, {monday, seven + 10, 10, 2}, h.now));
        EXPECT_FALSE(can_seat(h.live, {monday, seven, 60, 5}, h.now));
        EXPECT_FALSE(can_seat(h.live, {monday, seven, 60, 2}, at("2026-11-24T00:00:00Z"))) << "past";
        EXPECT_FALSE(can_seat(h.live, {monday, seven, 60, 2}, at("2026-01-01T00:00:00Z"))) << "too early";
    }
    std::vector<int> minutes;
    for_each_bookable(h.live, {monday, seven, 60, 2}, h.now,
                      [&](const start_view& s) { minutes.push_back(s.minute); });
    EXPECT_EQ(minutes, (std::vector{1080, 1110, 1140, 1170, 1200}));
}

TEST(Reader, TheWindowRunsOverMidnight) {
    restaurant bar = test::small_restaurant();
    bar.profile.hours = test::every_day("20:00-03:00");
    house h(bar);
    EXPECT_TRUE(can_seat(h.live, {monday, 60, 0, 2}, h.now)) << "01:00 of that night";
    EXPECT_TRUE(can_seat(h.live, {monday, clock_min(23, 45), 15, 2}, h.now)) << "24:00";
    EXPECT_FALSE(can_seat(h.live, {monday, clock_min(1, 45), 14, 2}, h.now)) << "last seating at 01:00";
    std::vector<int> minutes;
    for_each_bookable(h.live, {monday, 15, 30, 2}, h.now,
                      [&](const start_view& s) { minutes.push_back(s.minute); });
    EXPECT_EQ(minutes, (std::vector{1440, 1470}));
}

TEST(DayBoard, CellsKeepTheirValuesInBothWidths) {
    std::vector<day_start> starts;
    for (int i = 0; i < 100; ++i)
        starts.push_back({i * 5, at("2026-11-23T00:00:00Z").plus_minutes(i * 5), 60});
    reasons every;
    for (const reason why : {reason::no_table, reason::pacing, reason::closed, reason::blocked})
        every.add(why);
    for (const int bound : {50, 127, 128, 30000}) {
        day_board board(monday, starts, 3, bound, {});
        std::vector<std::uint64_t> row(board.row_words());
        for (std::size_t i = 0; i < starts.size(); ++i) {
            const int count = std::min(bound, 1 + static_cast<int>(i) * 299);
            board.put_in_row(row, i, i % 3 == 0 ? cell::refused(every) : cell::available(count));
        }
        board.write_row(2, row);
        for (std::size_t i = 0; i < starts.size(); ++i) {
            const cell value = board.at(i, 2);
            EXPECT_EQ(value, board.in_row(row, i));
            EXPECT_EQ(value.is_available(), i % 3 != 0);
            if (i % 3 == 0) {
                EXPECT_EQ(value.why(), every);
            } else {
                EXPECT_EQ(value.available_tables(), std::min(bound, 1 + static_cast<int>(i) * 299));
            }
            EXPECT_EQ(board.start(i).starts_at, starts[i].starts_at);
            EXPECT_EQ(board.start(i).minute, starts[i].minute);
            EXPECT_EQ(board.start(i).room_min, starts[i].room_min);
        }
    }
}

}  // namespace publish_test
}  // namespace qtable
