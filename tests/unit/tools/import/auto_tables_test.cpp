#include "tools/qtable/import/auto_tables.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

namespace qtable::tools {
namespace auto_tables_test {

import_restaurant furnished(const std::string& source_ref) {
    import_restaurant restaurant;
    restaurant.source_ref = source_ref;
    furnish(restaurant);
    return restaurant;
}

TEST(auto_tables, the_same_reference_gives_the_same_floor) {
    EXPECT_EQ(furnished("osm:node/1").tables, furnished("osm:node/1").tables);
    EXPECT_EQ(furnished("osm:node/1").combinations, furnished("osm:node/1").combinations);
    EXPECT_NE(furnished("osm:node/1").tables, furnished("osm:node/2").tables);
}

TEST(auto_tables, a_floor_that_is_there_stays) {
    import_restaurant restaurant;
    restaurant.source_ref = "osm:node/1";
    restaurant.tables.push_back({"Captain's", 4, 1, "Main", 1, 1, "round"});
    furnish(restaurant);
    EXPECT_EQ(restaurant.tables.size(), 1U);
    EXPECT_TRUE(restaurant.combinations.empty());
}

TEST(auto_tables, every_floor_is_plausible) {
    std::set<std::string> sections;
    std::set<int> capacities;
    std::set<std::size_t> sizes;
    for (int i = 0; i < 1000; ++i) {
        const import_restaurant restaurant = furnished("osm:node/" + std::to_string(i));
        const auto& tables = restaurant.tables;
        ASSERT_GE(tables.size(), 6U);
        ASSERT_LE(tables.size(), 24U);
        sizes.insert(tables.size());
        std::set<std::string> labels;
        for (const import_table& table : tables) {
            EXPECT_TRUE(labels.insert(table.label).second);
            EXPECT_GE(table.min_party, 1);
            EXPECT_LE(table.min_party, table.capacity);
            EXPECT_TRUE(table.x >= 5 && table.x <= plan_size - 5 && table.y >= 4 && table.y <= plan_size - 4);
            EXPECT_EQ(table.shape == "bar", table.section == "Bar");
            sections.insert(table.section);
            capacities.insert(table.capacity);
            for (const import_table& other : tables) {
                if (&other == &table) continue;
                EXPECT_TRUE(std::abs(other.x - table.x) >= table_spacing ||
                            std::abs(other.y - table.y) >= table_spacing);
            }
        }
    }
    EXPECT_EQ(sections, (std::set<std::string>{"Main", "Window", "Bar", "Terrace"}));
    EXPECT_EQ(capacities, (std::set<int>{2, 4, 6, 8}));
    EXPECT_EQ(sizes.size(), 19U);
}

TEST(auto_tables, combinations_are_pairs_of_equal_neighbours) {
    std::set<std::size_t> counts;
    std::set<int> capacities;
    for (int i = 0; i < 1000; ++i) {
        const import_restaurant restaurant = furnished("osm:way/" + std::to_string(i));
        ASSERT_GE(restaurant.combinations.size(), 1U);
        ASSERT_LE(restaurant.combinations.size(), 3U);
        counts.insert(restaurant.combinations.size());
        std::set<int> used;
        for (const import_combination& combination : restaurant.combinations) {
            ASSERT_EQ(combination.table_indexes.size(), 2U);
            const auto& left = restaurant.tables.at(static_cast<std::size_t>(combination.table_indexes[0]));
            const auto& right = restaurant.tables.at(static_cast<std::size_t>(combination.table_indexes[1]));
            EXPECT_EQ(right.x - left.x, table_spacing);
            EXPECT_EQ(right.y, left.y);
            EXPECT_EQ(left.section, right.section);
            EXPECT_EQ(combination.capacity, left.capacity + right.capacity);
            EXPECT_GT(combination.min_party, left.capacity);
            EXPECT_EQ(combination.label, left.label + "+" + right.label);
            for (const int index : combination.table_indexes) EXPECT_TRUE(used.insert(index).second);
            capacities.insert(combination.capacity);
        }
    }
    EXPECT_EQ(counts, (std::set<std::size_t>{1, 2, 3}));
    EXPECT_EQ(capacities, (std::set<int>{4, 8}));
}

// What a floor is made of must not change between versions: bookings stand on it.
TEST(auto_tables, a_known_reference_gives_the_known_floor) {
    const import_restaurant restaurant = furnished("osm:node/1");
    std::string floor;
    for (const import_table& table : restaurant.tables) {
        floor += table.label + ":" + table.section.front() + std::to_string(table.capacity) + " ";
    }
    EXPECT_EQ(floor, "T1:W2 T2:W2 T3:M2 T4:M2 T5:M2 T6:M2 T7:M4 T8:M4 ");
}

}  // namespace auto_tables_test
}  // namespace qtable::tools
