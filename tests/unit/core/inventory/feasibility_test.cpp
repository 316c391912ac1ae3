// Each reason of the one feasibility function, as inventory::check gives it and as readers see it.
#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace feasibility_test {

using test::at;
using test::clock_min;
using test::day;
using test::house;
using test::make_id;

const date monday = day("2026-11-23");

reasons all_of(std::initializer_list<reason> list) {
    reasons all;
    for (const reason each : list) all.add(each);
    return all;
}

// What check and readers agree on.
reasons why(house& h, date on, int minute, int party_size) {
    h.publish();
    const verdict answer = h.check(on, minute, party_size);
    const start_view seen = h.read_at(on, h.stock.start_at(on, minute)->minute, party_size);
    EXPECT_EQ(answer.reasons, seen.reasons);
    EXPECT_EQ(answer.available_tables, seen.available_tables);
    EXPECT_EQ(answer.ends_at, seen.ends_at);
    const wanted_time wanted{on, minute, 0, party_size};
    EXPECT_EQ(can_seat(h.live, wanted, h.now), answer.is_available());
    std::vector<start_view> bookable;
    for_each_bookable(h.live, wanted, h.now, [&](const start_view& each) { bookable.push_back(each); });
    EXPECT_EQ(bookable.size(), answer.is_available() ? 1U : 0U);
    for (const start_view& each : bookable) {
        EXPECT_EQ(each.starts_at, answer.starts_at);
        EXPECT_EQ(each.ends_at, answer.ends_at);
        EXPECT_EQ(each.available_tables, answer.available_tables);
    }
    return answer.reasons;
}

TEST(Feasibility, AnEmptyFloorIsAvailableAtOnce) {
    house h(test::small_restaurant(), test::berlin());
    const verdict answer = h.check(monday, clock_min(19, 0), 2);
    EXPECT_TRUE(answer.is_available());
    EXPECT_EQ(answer.available_tables, 3);
    EXPECT_EQ(answer.starts_at, at("2026-11-23T18:00:00Z"));
    EXPECT_EQ(answer.ends_at, at("2026-11-23T20:00:00Z"));
    EXPECT_EQ(h.stock.tables_of(answer), std::vector{make_id<table_id>(1)});
    EXPECT_TRUE(why(h, monday, clock_min(19, 0), 2).none());
}

TEST(Feasibility, NoTable) {
    house h(test::small_restaurant());
    h.book(1, monday, clock_min(19, 0), 4);
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 3), reason::no_table);
    EXPECT_EQ(why(h, monday, clock_min(20, 30), 3), reason::no_table);
    EXPECT_TRUE(why(h, monday, clock_min(21, 0), 3).none());
    EXPECT_TRUE(why(h, monday, clock_min(19, 0), 2).none());
    EXPECT_EQ(h.check(monday, clock_min(19, 0), 2).available_tables, 2);
    h.book(2, monday, clock_min(19, 0), 2);
    h.book(3, monday, clock_min(19, 0), 2);
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 1), reason::no_table);
    EXPECT_EQ(why(h, monday, clock_min(18, 0), 2), reason::no_table) << "it would last into the others";
}

TEST(Feasibility, BuffersAndTurnTimes) {
    restaurant place = test::small_restaurant();
    place.tables = {test::make_table(1, 4)};
    place.rules.turn_times = {{2, 60}, {100, 120}};
    place.rules.buffer_before_min = 10;
    place.rules.buffer_after_min = 20;
    house h(place);
    const reservation r = h.book(1, monday, clock_min(20, 0), 2);
    EXPECT_EQ(r.blocks_from, at("2026-11-23T19:50:00Z"));
    EXPECT_EQ(r.ends_at, at("2026-11-23T21:00:00Z"));
    EXPECT_EQ(r.blocks_until, at("2026-11-23T21:20:00Z"));
    EXPECT_EQ(why(h, monday, clock_min(21, 0), 2), reason::no_table);
    EXPECT_TRUE(why(h, monday, clock_min(21, 30), 2).none());
    EXPECT_TRUE(why(h, monday, clock_min(18, 30), 2).none()) << "19:30 and 20 minutes end at 19:50";
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 2), reason::no_table);
    EXPECT_EQ(why(h, monday, clock_min(18, 0), 3), reason::no_table) << "larger parties stay longer";
}

TEST(Feasibility, Closed) {
    house h(test::small_restaurant());
    EXPECT_TRUE(why(h, monday, clock_min(21, 0), 2).none());
    EXPECT_EQ(why(h, monday, clock_min(21, 30), 2), reason::closed) << "two hours don't fit before 23:00";
    EXPECT_EQ(h.check(monday, clock_min(12, 0), 2).reasons, reason::closed);
    EXPECT_EQ(h.check(monday, clock_min(19, 10), 2).reasons, reason::closed) << "no start of the grid";
}

TEST(Feasibility, Pacing) {
    restaurant place = test::small_restaurant();
    place.rules.pacing_parties = 2;
    place.rules.pacing_covers = 5;
    house h(place);
    h.book(1, monday, clock_min(19, 0), 2);
    EXPECT_TRUE(why(h, monday, clock_min(19, 0), 2).none());
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 4), reason::pacing) << "six covers";
    EXPECT_TRUE(why(h, monday, clock_min(19, 30), 4).none()) << "another interval";
    h.book(2, monday, clock_min(19, 0), 2);
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 1), reason::pacing) << "two parties";
    EXPECT_EQ(why(h, monday, clock_min(18, 30), 1).has(reason::pacing), false);
}

TEST(Feasibility, PacingBelowThePartyRefusesAnEmptyFloorToo) {
    restaurant place = test::small_restaurant();
    place.rules.pacing_covers = 3;
    house h(place);
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 4), reason::pacing);
    EXPECT_TRUE(why(h, monday, clock_min(19, 0), 3).none());
}

TEST(Feasibility, PartyLimits) {
    restaurant place = test::small_restaurant();
    place.rules.min_party = 2;
    place.rules.max_party = 3;
    house h(place);
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 1), reason::party_too_small);
    EXPECT_TRUE(why(h, monday, clock_min(19, 0), 3).none());
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 4), reason::party_too_large);
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 5), all_of({reason::party_too_large, reason::no_table}));
    h.place.rules.max_party = 20;
    h.reconfigure();
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 5), reason::no_table) << "no table has five seats";
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 0), reason::party_too_small);
}

TEST(Feasibility, Clock) {
    restaurant place = test::small_restaurant();
    place.rules.min_notice_min = 60;
    place.rules.window_days = 7;
    house h(place, test::berlin());
    const int seven = clock_min(19, 0);
    h.now = at("2026-11-23T17:00:00Z");  // 18:00 there
    EXPECT_TRUE(why(h, monday, seven, 2).none());
    h.now = h.now.plus_ms(1);
    EXPECT_EQ(why(h, monday, seven, 2), reason::min_notice);
    h.now = at("2026-11-23T18:00:00Z");
    EXPECT_EQ(why(h, monday, seven, 2), reason::min_notice) << "now is not past yet";
    h.now = h.now.plus_ms(1);
    EXPECT_EQ(why(h, monday, seven, 2), all_of({reason::min_notice, reason::past}));

    h.now = at("2026-11-15T22:59:00Z");  // the 15th there
    EXPECT_EQ(why(h, monday, seven, 2), reason::max_notice);
    h.now = at("2026-11-15T23:00:00Z");  // the 16th
    EXPECT_TRUE(why(h, monday, seven, 2).none());
}

TEST(Feasibility, Paused) {
    restaurant place = test::small_restaurant();
    place.paused_until = at("2026-11-20T12:00:00Z");
    house h(place);
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 2), reason::paused);
    h.now = at("2026-11-20T12:00:00Z");
    EXPECT_TRUE(why(h, monday, clock_min(19, 0), 2).none());
}

TEST(Feasibility, StaffAreNotBoundByNoticeWindowAndPause) {
    restaurant place = test::small_restaurant();
    place.paused_until = at("2026-11-30T12:00:00Z");
    place.rules.min_notice_min = 60 * 24 * 30;
    place.rules.window_days = 1;
    house h(place);
    ask wanted = h.asking(monday, clock_min(19, 0), 2);
    EXPECT_EQ(h.stock.check(wanted).reasons,
              all_of({reason::paused, reason::min_notice, reason::max_notice}));
    wanted.channel = booking_channel::house;
    EXPECT_TRUE(h.stock.check(wanted).is_available());
    wanted.now = at("2026-12-24T00:00:00Z");
    EXPECT_EQ(h.stock.check(wanted).reasons, reason::past);
}

TEST(Feasibility, OverridesLetAllPassButMissingTables) {
    restaurant place = test::small_restaurant();
    place.rules.pacing_parties = 1;
    house h(place);
    h.book(1, monday, clock_min(19, 0), 2);
    ask wanted = h.asking(monday, clock_min(19, 0), 4);
    EXPECT_EQ(h.stock.check(wanted).reasons, reason::pacing);
    wanted.overrides = all_of({reason::pacing, reason::no_table});
    EXPECT_EQ(h.stock.tables_of(h.stock.check(wanted)), std::vector{make_id<table_id>(3)});
    wanted.party_size = 5;
    EXPECT_EQ(h.stock.check(wanted).reasons, reason::no_table);
    wanted.party_size = 50;
    wanted.overrides = all_of({reason::pacing, reason::no_table, reason::party_too_large});
    EXPECT_EQ(h.stock.check(wanted).reasons, reason::no_table);
}

TEST(Feasibility, AllReasonsAreTold) {
    restaurant place = test::small_restaurant();
    place.rules.pacing_parties = 1;
    place.paused_until = at("2027-01-01T00:00:00Z");
    place.tables = {test::make_table(1, 2)};
    house h(place);
    h.place.paused_until.reset();
    h.reconfigure();
    h.book(1, monday, clock_min(21, 0), 2);
    h.place.paused_until = at("2027-01-01T00:00:00Z");
    h.reconfigure();
    h.now = at("2026-11-24T00:00:00Z");
    EXPECT_EQ(why(h, monday, clock_min(21, 0), 2),
              all_of({reason::no_table, reason::pacing, reason::paused, reason::past}));
    EXPECT_EQ(why(h, monday, clock_min(21, 30), 2),
              all_of({reason::no_table, reason::closed, reason::paused, reason::past}));
}

TEST(Feasibility, CombinationsWhenSingleTablesAreGone) {
    restaurant place = test::small_restaurant();
    place.combinations = {test::combine(1, {1, 2}, 4)};
    house h(place);
    EXPECT_EQ(h.book(1, monday, clock_min(19, 0), 4).tables, std::vector{make_id<table_id>(3)});
    EXPECT_EQ(h.book(2, monday, clock_min(19, 0), 3).tables,
              (std::vector{make_id<table_id>(1), make_id<table_id>(2)}));
    EXPECT_EQ(why(h, monday, clock_min(19, 0), 1), reason::no_table) << "both members are taken";
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

// The clock changes while they sit: what counts is elapsed time.
TEST(Feasibility, TurnTimesAreElapsedMinutesOverAChangeOfTheClock) {
    restaurant place = test::small_restaurant();
    place.tables = {test::make_table(1, 4)};
    place.profile.hours = test::every_day("20:00-06:00");
    house h(place, test::berlin());
    h.now = at("2027-03-01T00:00:00Z");
    const date spring_eve = day("2027-03-27");
    const reservation r = h.book(1, spring_eve, clock_min(1, 0), 2);
    EXPECT_EQ(r.minute, 1500);
    EXPECT_EQ(r.ends_at, at("2027-03-28T02:00:00Z")) << "04:00 summer time";
    EXPECT_EQ(why(h, spring_eve, clock_min(3, 30), 2), reason::no_table);
    EXPECT_TRUE(why(h, spring_eve, clock_min(4, 0), 2).none());
    h.now = at("2027-10-01T00:00:00Z");
    const date autumn_eve = day("2027-10-30");
    EXPECT_EQ(h.book(2, autumn_eve, clock_min(1, 0), 2).ends_at, at("2027-10-31T01:00:00Z"))
        << "02:00, the second time";
    EXPECT_EQ(why(h, autumn_eve, clock_min(2, 30), 2), reason::no_table) << "the first 02:30";
    EXPECT_TRUE(why(h, autumn_eve, clock_min(3, 0), 2).none());
}

TEST(Feasibility, BusinessDaysThatOverlapShareTheirTables) {
    restaurant place = test::small_restaurant();
    place.tables = {test::make_table(1, 2)};
    place.profile.hours = test::every_day("00:00-24:00");
    house h(place);
    h.book(1, monday, clock_min(23, 30), 2);
    EXPECT_EQ(why(h, monday.plus_days(1), clock_min(1, 0), 2), reason::no_table);
    EXPECT_TRUE(why(h, monday.plus_days(1), clock_min(1, 30), 2).none());
    h.book(2, monday.plus_days(1), clock_min(2, 0), 2);
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);

    restaurant club = place;
    club.profile.hours = test::every_day("18:00-05:00,12:00-18:00");
    club.profile.hours.days[1] =
        *parse_day_hours("02:00-12:00");  // Tuesday opens while Monday's night goes on
    house late(club);
    late.book(1, monday, clock_min(3, 0), 2);
    EXPECT_EQ(why(late, monday.plus_days(1), clock_min(4, 0), 2), reason::no_table);
    EXPECT_TRUE(why(late, monday.plus_days(1), clock_min(5, 0), 2).none());
}

}  // namespace feasibility_test
}  // namespace qtable
