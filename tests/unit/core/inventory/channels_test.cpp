// What staff may that guests online may not: the house's pacing caps, and reasons that they set aside. What
// is published is what guests online get.
#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace channels_test {

using test::clock_min;
using test::day;
using test::house;
using test::make_id;

const date monday = day("2026-11-23");
const int seven = clock_min(19, 0);

reasons as_staff(const house& h, int minute, int party, reasons overrides = {}) {
    ask wanted = h.asking(monday, minute, party);
    wanted.channel = booking_channel::house;
    wanted.overrides = overrides;
    return h.stock.check(wanted).reasons;
}

reasons online(house& h, int minute, int party) {
    h.publish();
    const reasons told = h.check(monday, minute, party).reasons;
    EXPECT_EQ(h.read_at(monday, minute, party).reasons, told);
    EXPECT_EQ(can_seat(h.live, {monday, minute, 0, party}, h.now), told.none());
    return told;
}

restaurant many_tables() {
    restaurant place = test::small_restaurant();
    place.tables.clear();
    for (unsigned t = 1; t <= 6; ++t) place.tables.push_back(test::make_table(t, 4));
    return place;
}

TEST(Channels, TheHouseKeepsPlacesForItself) {
    restaurant place = many_tables();
    place.rules.pacing_parties = 1;
    place.rules.house_pacing_parties = 2;
    house h(place);
    EXPECT_TRUE(online(h, seven, 2).none());
    h.book(1, monday, seven, 2);
    EXPECT_EQ(online(h, seven, 2), reason::pacing);
    EXPECT_TRUE(as_staff(h, seven, 2).none());
    h.book(2, monday, clock_min(20, 0), 2);
    EXPECT_TRUE(as_staff(h, seven, 2).none()) << "an interval apart doesn't count";
}

TEST(Channels, TheHouseHasLimitsToo) {
    restaurant place = many_tables();
    place.rules.house_pacing_covers = 5;
    house h(place);
    h.book(1, monday, seven, 3);
    EXPECT_TRUE(as_staff(h, seven, 2).none());
    EXPECT_TRUE(online(h, seven, 2).none());
    EXPECT_EQ(as_staff(h, seven, 3), reason::pacing);
    EXPECT_EQ(online(h, seven, 3), reason::pacing) << "the house's limit binds everybody";
    EXPECT_TRUE(online(h, clock_min(19, 30), 3).none());
    EXPECT_TRUE(as_staff(h, seven, 3, reason::pacing).none());
}

TEST(Channels, ALimitBelowThePartyHoldsOnAnEmptyDay) {
    restaurant place = many_tables();
    place.rules.house_pacing_covers = 3;
    house h(place);
    EXPECT_TRUE(online(h, seven, 3).none());
    EXPECT_EQ(online(h, seven, 4), reason::pacing);
    EXPECT_EQ(as_staff(h, seven, 4), reason::pacing);
}

TEST(Channels, ChangedLimitsArePublished) {
    house h(many_tables());
    h.book(1, monday, seven, 2);
    EXPECT_TRUE(online(h, seven, 2).none());
    h.place.rules.house_pacing_parties = 1;
    h.reconfigure();
    EXPECT_EQ(online(h, seven, 2), reason::pacing);
    EXPECT_TRUE(h.check(monday.plus_days(1), seven, 2).is_available());
}

TEST(Channels, NamedReasonsAreSetAsideAndNoOthers) {
    restaurant place = many_tables();
    place.rules.house_pacing_parties = 1;
    place.rules.max_party = 3;
    house h(place);
    h.book(1, monday, seven, 2);
    reasons both(reason::party_too_large);
    both.add(reason::pacing);
    EXPECT_EQ(as_staff(h, seven, 4), both) << "staff are told all";
    EXPECT_EQ(online(h, seven, 4), reason::party_too_large);
    EXPECT_EQ(as_staff(h, seven, 4, reason::party_too_large), reason::pacing);
    EXPECT_TRUE(as_staff(h, seven, 4, both).none());
    EXPECT_EQ(as_staff(h, seven, 4, reason::pacing), reason::party_too_large);
    EXPECT_EQ(as_staff(h, seven, 5, both), reason::no_table) << "no table seats 5";
    EXPECT_EQ(as_staff(h, seven, 5, reasons(0x3ff)), reason::no_table) << "which nobody sets aside";
    EXPECT_EQ(as_staff(h, seven, 0, reasons(0x3ff)), reason::no_table);
}

TEST(Channels, ALargePartyGetsRealTables) {
    restaurant place = many_tables();
    place.rules.max_party = 3;
    place.combinations = {test::combine(1, {1, 2}, 8)};
    house h(place);
    ask wanted = h.asking(monday, seven, 7);
    wanted.channel = booking_channel::house;
    wanted.overrides = reason::party_too_large;
    const verdict answer = h.stock.check(wanted);
    ASSERT_TRUE(answer.is_available());
    EXPECT_EQ(h.stock.tables_of(answer), (std::vector{make_id<table_id>(1), make_id<table_id>(2)}));
    h.stock.take(h.reserve(1, monday, seven, 7, answer));
    EXPECT_EQ(h.stock.check(wanted).reasons, reason::no_table);
    wanted.party_size = 4;
    EXPECT_EQ(h.stock.check(wanted).available_tables, 4);
}

TEST(Channels, StaffOpenAClosedDay) {
    restaurant place = many_tables();
    place.special_days = {{monday, {}, "holiday"}};
    house h(place);
    EXPECT_EQ(as_staff(h, seven, 2), reason::closed);
    EXPECT_TRUE(as_staff(h, seven, 2, reason::closed).none());
    EXPECT_TRUE(h.read(monday, 2).empty());
}

TEST(Channels, ABlockedSlotSetAsideIsNotCounted) {
    house h(many_tables());
    h.stock.upsert_slot(test::make_slot(1, monday, seven, 4, 0));
    EXPECT_EQ(online(h, seven, 2), reason::blocked);
    EXPECT_EQ(as_staff(h, seven, 2), reason::blocked);
    ask wanted = h.asking(monday, seven, 2);
    wanted.overrides = reason::blocked;
    const verdict answer = h.stock.check(wanted);
    ASSERT_TRUE(answer.is_available());
    EXPECT_EQ(answer.slot, std::nullopt) << "nothing is left to count down";
    h.stock.take(h.reserve(1, monday, seven, 2, answer));
    EXPECT_EQ(h.stock.check_invariants(), std::nullopt);
}

TEST(Channels, APauseEndsByItself) {
    restaurant place = many_tables();
    place.paused_until = test::at("2026-11-20T10:00:00Z");
    house h(place);
    EXPECT_EQ(online(h, seven, 2), reason::paused);
    EXPECT_TRUE(as_staff(h, seven, 2).none());
    h.now = *place.paused_until;
    EXPECT_TRUE(online(h, seven, 2).none());
}

}  // namespace channels_test
}  // namespace qtable
