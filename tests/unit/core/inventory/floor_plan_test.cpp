#include "core/inventory/floor_plan.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable {
namespace floor_plan_test {

using test::combine;
using test::make_id;
using test::make_table;

// The tables that a party gets, by number, and how many more there are.
std::vector<unsigned> chosen(const floor_plan& plan, int party_size, const table_set& free) {
    std::vector<unsigned> numbers;
    for (const table_index t : plan.choose(free, party_size)) numbers.push_back(plan.id_of(t).bytes[15]);
    return numbers;
}
std::vector<unsigned> chosen(const floor_plan& plan, int party_size) {
    return chosen(plan, party_size, plan.sellable());
}
table_set without(const floor_plan& plan, std::initializer_list<unsigned> tables) {
    table_set free = plan.sellable();
    for (const unsigned number : tables) {
        const table_index t = *plan.index_of(make_id<table_id>(number));
        free.words[t / 64] &= ~(std::uint64_t{1} << (t % 64));
    }
    return free;
}

TEST(FloorPlan, TheSmallestTableThatFits) {
    restaurant place;
    place.tables = {make_table(1, 8), make_table(2, 4), make_table(3, 2), make_table(4, 4)};
    const floor_plan plan(place);
    EXPECT_EQ(chosen(plan, 1), std::vector{3U});
    EXPECT_EQ(chosen(plan, 3), std::vector{2U}) << "of equals by label";
    EXPECT_EQ(chosen(plan, 3, without(plan, {2})), std::vector{4U});
    EXPECT_EQ(chosen(plan, 5), std::vector{1U});
    EXPECT_EQ(plan.count(plan.sellable(), 2), 4);
    EXPECT_EQ(plan.count(plan.sellable(), 4), 3);
    EXPECT_EQ(plan.largest_capacity(), 8);
    EXPECT_EQ(plan.party_sizes(), 8);
    EXPECT_TRUE(chosen(plan, 8, without(plan, {1})).empty());
}

TEST(FloorPlan, KeepsCombinablesTogether) {
    restaurant place;
    place.tables = {make_table(1, 2), make_table(2, 2), make_table(3, 2)};
    place.combinations = {combine(1, {1, 2}, 4)};
    const floor_plan plan(place);
    EXPECT_EQ(chosen(plan, 2), std::vector{3U}) << "the one that belongs to no combination";
    EXPECT_EQ(chosen(plan, 2, without(plan, {3})), std::vector{1U});
}

TEST(FloorPlan, CombinationsOnlyWhereNoTableIsLeft) {
    restaurant place;
    place.tables = {make_table(1, 2), make_table(2, 2), make_table(3, 6)};
    place.combinations = {combine(1, {1, 2}, 4)};
    const floor_plan plan(place);
    EXPECT_EQ(chosen(plan, 4), std::vector{3U});
    EXPECT_EQ(plan.count(plan.sellable(), 4), 1);
    EXPECT_EQ(chosen(plan, 4, without(plan, {3})), (std::vector{1U, 2U}));
    EXPECT_EQ(plan.count(without(plan, {3}), 4), 1);
    EXPECT_TRUE(chosen(plan, 4, without(plan, {3, 2})).empty()) << "every member has to be free";
}

TEST(FloorPlan, CountsCombinationsThatShareNoTable) {
    restaurant place;
    for (unsigned t = 1; t <= 5; ++t) place.tables.push_back(make_table(t, 2));
    place.combinations = {combine(1, {1, 2}, 4), combine(2, {2, 3}, 4), combine(3, {4, 5}, 4),
                          combine(4, {1, 2, 3}, 6)};
    const floor_plan plan(place);
    EXPECT_EQ(plan.count(plan.sellable(), 3), 2);
    EXPECT_EQ(chosen(plan, 3), (std::vector{1U, 2U}));
    EXPECT_EQ(chosen(plan, 3, without(plan, {1})), (std::vector{2U, 3U}));
    EXPECT_EQ(chosen(plan, 6), (std::vector{1U, 2U, 3U}));
    EXPECT_EQ(plan.largest_capacity(), 6);
}

TEST(FloorPlan, SmallestPartyAndOversizeCap) {
    restaurant place;
    place.tables = {make_table(1, 4, 3), make_table(2, 6), make_table(3, 10)};
    place.rules.oversize_cap = 4;
    const floor_plan plan(place);
    EXPECT_EQ(chosen(plan, 2), std::vector{2U}) << "table 1 takes no party of 2";
    EXPECT_EQ(chosen(plan, 3), std::vector{1U});
    EXPECT_EQ(plan.count(plan.sellable(), 3), 2) << "10 seats are too many for 3";
    EXPECT_TRUE(chosen(plan, 1).empty());
    EXPECT_EQ(chosen(plan, 7), std::vector{3U});
}

TEST(FloorPlan, OutOfServiceIsNeverChosen) {
    restaurant place;
    place.tables = {make_table(1, 2), make_table(2, 2), make_table(3, 8)};
    place.tables[0].status = table_status::out_of_service;
    place.tables[2].status = table_status::out_of_service;
    place.combinations = {combine(1, {1, 2}, 4)};
    const floor_plan plan(place);
    EXPECT_EQ(plan.table_count(), 3U);
    EXPECT_EQ(plan.largest_capacity(), 2);
    EXPECT_EQ(chosen(plan, 2), std::vector{2U});
    EXPECT_EQ(plan.count(plan.sellable(), 2), 1);
    EXPECT_TRUE(plan.index_of(make_id<table_id>(1)));
    EXPECT_FALSE(plan.index_of(make_id<table_id>(9)));
    table_set everything;
    everything.words.fill(~std::uint64_t{0});
    EXPECT_EQ(chosen(plan, 1, everything), std::vector{2U}) << "also when its bit says free";
}

TEST(FloorPlan, PartySizesAreBoundedByRulesAndTables) {
    restaurant place = test::small_restaurant();
    place.rules.max_party = 3;
    EXPECT_EQ(floor_plan(place).party_sizes(), 3);
    place.rules.max_party = 20;
    EXPECT_EQ(floor_plan(place).party_sizes(), 4);
    place.tables.clear();
    EXPECT_EQ(floor_plan(place).party_sizes(), 0);
    EXPECT_EQ(floor_plan(place).table_count(), 0U);
}

TEST(FloorPlan, TakesAsManyTablesAsTheLimitAllows) {
    restaurant place;
    for (unsigned t = 1; t <= limits::tables_per_restaurant; ++t)
        place.tables.push_back(make_table(t, 2 + static_cast<int>(t % 7)));
    const floor_plan plan(place);
    EXPECT_EQ(plan.count(plan.sellable(), 1), static_cast<int>(limits::tables_per_restaurant));
    int of_eight = 0;
    for (const table& t : place.tables) of_eight += t.capacity == 8 ? 1 : 0;
    EXPECT_EQ(plan.count(plan.sellable(), 8), of_eight);
}

}  // namespace floor_plan_test
}  // namespace qtable
