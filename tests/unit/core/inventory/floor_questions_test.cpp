// What the floor asks of the inventory: which tables fit, which are free, until when, and who comes next.
#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace floor_questions_test {

using test::at;
using test::clock_min;
using test::day;
using test::house;
using test::make_id;

const date monday = day("2026-11-23");
const instant six = at("2026-11-23T18:00:00Z");

std::vector<table_id> named(const std::vector<unsigned>& numbers) {
    std::vector<table_id> ids;
    for (const unsigned number : numbers) ids.push_back(make_id<table_id>(number));
    return ids;
}

// Tables of 2, 2, 4 (for 3 and more) and 6; the first two and the last two combine.
restaurant usual() {
    restaurant place = test::small_restaurant();
    place.tables = {test::make_table(1, 2), test::make_table(2, 2), test::make_table(3, 4, 3),
                    test::make_table(4, 6)};
    place.combinations = {test::combine(1, {1, 2}, 5, 3), test::combine(2, {4, 3}, 9, 6)};
    place.rules.max_party = 8;
    return place;
}

TEST(Floor, OneTableFitsByItsOwnLimits) {
    const house h(usual());
    EXPECT_TRUE(h.stock.fits(named({1}), 1));
    EXPECT_TRUE(h.stock.fits(named({1}), 2));
    EXPECT_FALSE(h.stock.fits(named({1}), 3));
    EXPECT_FALSE(h.stock.fits(named({3}), 2)) << "below its smallest party";
    EXPECT_TRUE(h.stock.fits(named({3}), 3));
    EXPECT_FALSE(h.stock.fits(named({1}), 0));
    EXPECT_FALSE(h.stock.fits({}, 2));
    EXPECT_FALSE(h.stock.fits(named({9}), 2)) << "not of this restaurant";
}

TEST(Floor, SeveralTablesFitTogether) {
    const house h(usual());
    EXPECT_TRUE(h.stock.fits(named({1, 3}), 6)) << "no combination: what they seat together";
    EXPECT_TRUE(h.stock.fits(named({1, 3}), 1));
    EXPECT_FALSE(h.stock.fits(named({1, 3}), 7));
    EXPECT_TRUE(h.stock.fits(named({2, 1}), 5)) << "the combination says 5, in any order";
    EXPECT_FALSE(h.stock.fits(named({1, 2}), 6));
    EXPECT_FALSE(h.stock.fits(named({1, 2}), 2)) << "and from 3 on";
    EXPECT_FALSE(h.stock.fits(named({3, 4}), 10)) << "nine, though there are ten seats";
    EXPECT_FALSE(h.stock.fits(named({1, 1}), 3)) << "one table twice";
    EXPECT_FALSE(h.stock.fits(named({1, 9}), 3));
}

TEST(Floor, ChoosesAsForABooking) {
    house h(usual());
    const instant until = six.plus_minutes(120);
    const auto all = named({1, 2, 3, 4});
    EXPECT_EQ(h.stock.choose_tables(2, six, until, all, {}), named({1}));
    EXPECT_EQ(h.stock.choose_tables(3, six, until, all, {}), named({3}));
    EXPECT_EQ(h.stock.choose_tables(3, six, until, named({2, 4}), {}), named({4}));
    EXPECT_EQ(h.stock.choose_tables(5, six, until, named({1, 2, 3}), {}), named({1, 2}));
    EXPECT_EQ(h.stock.choose_tables(9, six, until, all, {}), named({3, 4})) << "above what is booked online";
    EXPECT_EQ(h.stock.choose_tables(10, six, until, all, {}), std::nullopt);
    EXPECT_EQ(h.stock.choose_tables(0, six, until, all, {}), std::nullopt);
    EXPECT_EQ(h.stock.choose_tables(101, six, until, all, {}), std::nullopt);
    EXPECT_EQ(h.stock.choose_tables(2, six, until, {}, {}), std::nullopt);
    EXPECT_EQ(h.stock.choose_tables(2, six, until, named({9}), {}), std::nullopt);
    const reservation r = h.book(1, monday, clock_min(19, 0), 2);
    ASSERT_EQ(r.tables, named({1}));
    EXPECT_EQ(h.stock.choose_tables(2, six, until, all, {}), named({2}));
    EXPECT_EQ(h.stock.choose_tables(2, six, until, all, r.id), named({1}));
    EXPECT_EQ(h.stock.choose_tables(2, six, until.plus_minutes(-60), all, {}), named({1}));
    h.place.rules.oversize_cap = 1;
    h.place.tables[1].status = table_status::out_of_service;
    h.reconfigure();
    EXPECT_EQ(h.stock.choose_tables(2, six, until, all, {}), std::nullopt) << "four seats too many, or taken";
}

TEST(Floor, FreeUntilTheNextClaim) {
    house h(usual());
    const auto first = named({1});
    EXPECT_EQ(h.stock.free_until(first, six, {}), inventory::far_future);
    const reservation r = h.book(1, monday, clock_min(20, 0), 2);
    h.book(2, monday.plus_days(3), clock_min(18, 0), 2);
    EXPECT_EQ(h.stock.free_until(first, six, {}), r.blocks_from);
    EXPECT_EQ(h.stock.free_until(named({1, 2}), six, {}), r.blocks_from);
    EXPECT_EQ(h.stock.free_until(named({2, 3}), six, {}), inventory::far_future);
    EXPECT_EQ(h.stock.free_until({}, six, {}), inventory::far_future);
    EXPECT_EQ(h.stock.free_until(named({9}), six, {}), inventory::far_future);
    const instant during = r.blocks_from.plus_minutes(7);
    EXPECT_EQ(h.stock.free_until(first, during, {}), during) << "taken now";
    EXPECT_EQ(h.stock.free_until(first, r.blocks_until, {}), six.plus_minutes(3 * 24 * 60));
    EXPECT_EQ(h.stock.free_until(first, six, r.id), six.plus_minutes(3 * 24 * 60)) << "its own doesn't count";
    EXPECT_EQ(h.stock.free_until(first, six.plus_minutes(4 * 24 * 60), {}), inventory::far_future);
}

TEST(Floor, FreeUntilPastMidnightOfUtc) {
    restaurant place = usual();
    place.profile.hours = test::every_day("18:00-04:00");
    house h(place);
    const reservation r = h.book(1, monday, clock_min(1, 0), 2);  // on Tuesday
    EXPECT_EQ(h.stock.free_until(named({1}), six, {}), r.blocks_from);
    const instant midnight = at("2026-11-24T00:00:00Z");
    EXPECT_EQ(h.stock.free_until(named({1}), midnight.plus_minutes(-1), {}), r.blocks_from);
    EXPECT_EQ(h.stock.free_until(named({1}), midnight, {}), r.blocks_from);
}

TEST(Floor, TheNextReservationOfATable) {
    house h(usual());
    const table_id first = make_id<table_id>(1), second = make_id<table_id>(2);
    EXPECT_EQ(h.stock.next_on(first, six), nullptr);
    const reservation late = h.book(1, monday, clock_min(21, 0), 2);
    const reservation early = h.book(2, monday, clock_min(18, 0), 2);
    ASSERT_EQ(late.tables, early.tables);
    const auto next = [&](instant from) {
        const reservation* const found = h.stock.next_on(first, from);
        return found == nullptr ? reservation_id() : found->id;
    };
    EXPECT_EQ(next(six.plus_minutes(-600)), early.id);
    EXPECT_EQ(next(early.blocks_until.plus_minutes(-1)), early.id) << "late, but still expected";
    EXPECT_EQ(next(early.blocks_until), late.id);
    EXPECT_EQ(h.stock.next_on(second, six), nullptr);
    EXPECT_EQ(h.stock.next_on(first, late.blocks_until), nullptr);
    reservation here = early;
    here.status = reservation_status::seated;
    h.stock.amend(here);
    EXPECT_EQ(next(six), late.id) << "who sits there is not the next";

    const auto all = h.stock.next_on_each(six, inventory::far_future);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.at(first)->id, late.id);
    EXPECT_TRUE(h.stock.next_on_each(six, late.blocks_from).empty());
}

}  // namespace floor_questions_test
}  // namespace qtable
