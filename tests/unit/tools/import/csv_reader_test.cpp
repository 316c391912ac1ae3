#include "tools/qtable/import/csv_reader.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qtable::tools {
namespace csv_reader_test {

const import_options options{"Europe/Copenhagen"};

import_result read(const std::string& text) {
    return read_csv(text, options);
}

TEST(csv_reader, takes_every_column) {
    const auto result = read(
        "name,description,cuisine_type,price_range,latitude,longitude,phone,website,address,timezone,source_"
        "ref,"
        "hours_monday,hours_tuesday,hours_wednesday,hours_thursday,hours_friday,hours_saturday,hours_"
        "sunday\r\n"
        "\"The \"\"Ladle\"\", by the sea\",\"Two\r\nlines\",Sushi,$$,56.85,10.75,+45 00 11 22 "
        "33,https://a.example.test,"
        "\"Kaj 1, Havnestad\",America/New_York,till:7,\"11:00-14:00, 17:00-22:00\",,,,18:00-02:00,,\r\n");
    ASSERT_FALSE(result.failure);
    ASSERT_EQ(result.restaurants.size(), 1U);
    EXPECT_TRUE(result.problems.empty());
    const import_restaurant& restaurant = result.restaurants[0];
    EXPECT_EQ(restaurant.name, "The \"Ladle\", by the sea");
    EXPECT_EQ(restaurant.description, "Two lines");
    EXPECT_EQ(restaurant.cuisine_type, "sushi");
    EXPECT_EQ(restaurant.price_range, "$$");
    EXPECT_DOUBLE_EQ(restaurant.latitude, 56.85);
    EXPECT_DOUBLE_EQ(restaurant.longitude, 10.75);
    EXPECT_EQ(restaurant.phone, "+45 00 11 22 33");
    EXPECT_EQ(restaurant.website, "https://a.example.test");
    EXPECT_EQ(restaurant.address, "Kaj 1, Havnestad");
    EXPECT_EQ(restaurant.timezone, "America/New_York");
    EXPECT_EQ(restaurant.source_ref, "till:7");
    ASSERT_TRUE(restaurant.has_hours);
    EXPECT_EQ(format_day_hours(restaurant.hours.days[0]), "11:00-14:00,17:00-22:00");
    EXPECT_TRUE(restaurant.hours.days[1].empty());
    EXPECT_EQ(restaurant.hours.days[4], (day_hours{{1080, 1560}}));
    EXPECT_EQ(restaurant.line, 2U);
}

TEST(csv_reader, three_columns_are_enough) {
    const auto result = read("longitude,name,latitude\n10,A,50\n\n11,B,51");
    ASSERT_FALSE(result.failure);
    ASSERT_EQ(result.restaurants.size(), 2U);
    EXPECT_FALSE(result.restaurants[0].has_hours);
    EXPECT_EQ(result.restaurants[0].timezone, "Europe/Copenhagen");
    EXPECT_TRUE(result.restaurants[0].source_ref.starts_with("restaurant:"));
    EXPECT_EQ(result.restaurants[1].line, 4U);
}

TEST(csv_reader, a_wrong_header_is_a_failure) {
    for (const std::string header :
         {"", "name,latitude", "name,latitude,longitude,colour", "name,name,latitude,longitude",
          "name,latitude,longitude,hours_mon", "Skibet,55.7,12.5"}) {
        const auto result = read(header + "\nA,1,2,x\n");
        ASSERT_TRUE(result.failure) << header;
        EXPECT_TRUE(result.restaurants.empty());
    }
    EXPECT_EQ(read("name,latitude,longitude,colour\n").failure->what, "unknown column \"colour\"");
}

TEST(csv_reader, rows_that_make_no_restaurant_are_problems_with_their_line) {
    const auto result =
        read("name,latitude,longitude\n,1,2\nA,91,2\nB,1,x\nC,1\n\"D\nd\",1,2\nE,,\nF,nan,1\n");
    ASSERT_FALSE(result.failure);
    EXPECT_EQ(result.read, 7U);
    ASSERT_EQ(result.restaurants.size(), 1U);
    EXPECT_EQ(result.restaurants[0].name, "D d");
    ASSERT_EQ(result.count(import_problem_kind::skipped), 6U);
    EXPECT_EQ(result.problems[0].line, 2U);
    EXPECT_EQ(result.problems[3].line, 5U);
    EXPECT_EQ(result.problems[4].line, 8U);  // the row before took two lines
}

TEST(csv_reader, one_unreadable_day_leaves_the_week_out) {
    const auto result =
        read("name,latitude,longitude,hours_monday,hours_sunday\nA,1,2,10:00-20:00,by arrangement\n");
    ASSERT_EQ(result.restaurants.size(), 1U);
    EXPECT_FALSE(result.restaurants[0].has_hours);
    EXPECT_TRUE(result.restaurants[0].hours.empty());
    ASSERT_EQ(result.problems.size(), 1U);
    EXPECT_EQ(result.problems[0].kind, import_problem_kind::unreadable_hours);
    EXPECT_EQ(result.problems[0].field, "hours_sunday");
    EXPECT_EQ(result.problems[0].value, "by arrangement");
}

TEST(csv_reader, prices_are_one_to_four_signs) {
    const auto result =
        read("name,latitude,longitude,price_range\nA,1,2,$$$$\nB,1,3,$$$$$\nC,1,4,cheap\nD,1,5,\n");
    ASSERT_EQ(result.restaurants.size(), 4U);
    EXPECT_EQ(result.restaurants[0].price_range, "$$$$");
    EXPECT_EQ(result.restaurants[1].price_range, "");
    EXPECT_EQ(result.restaurants[2].price_range, "");
    EXPECT_EQ(result.count(import_problem_kind::field_dropped), 2U);
}

TEST(csv_reader, broken_quotes_are_a_failure_with_their_place) {
    const auto open = read("name,latitude,longitude\nA,1,2\n\"B,1,2\n");
    ASSERT_TRUE(open.failure);
    EXPECT_EQ(open.failure->line, 3U);
    EXPECT_EQ(open.failure->offset, 30U);
    EXPECT_TRUE(open.restaurants.empty());
    EXPECT_TRUE(read("name,latitude,longitude\n\"A\"x,1,2\n").failure);
    EXPECT_TRUE(read("name,latitude,longitude\nA\"x,1,2\n").failure);
    EXPECT_TRUE(read("name,latitude,longitude\n\xff,1,2\n").failure);
}

TEST(csv_reader, a_row_twice_is_imported_once) {
    const auto result = read("name,latitude,longitude\nA,1,2\nA,1,2\nA,1,3\n");
    EXPECT_EQ(result.restaurants.size(), 2U);
    ASSERT_EQ(result.problems.size(), 1U);
    EXPECT_EQ(result.problems[0].line, 3U);
}

}  // namespace csv_reader_test
}  // namespace qtable::tools
