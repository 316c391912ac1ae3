#include "net/http/query_values.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qtable::net {
namespace query_values_test {

TEST(query_values, numbers_are_plain_decimals) {
    EXPECT_EQ(parse_number("48.2082"), 48.2082);
    EXPECT_EQ(parse_number("-0.5"), -0.5);
    EXPECT_EQ(parse_number("007"), 7);
    for (const char* bad : {"", "-", "+1", ".5", "-.5", "2.", "-2.", "1e5", "1E5", "1.5e-3", "inf", "-inf",
                            "nan", "0x10", "1 ", " 1", "1,5", "1.2.3"})
        EXPECT_FALSE(parse_number(bad)) << bad;
    EXPECT_FALSE(parse_number(std::string(41, '1')));
}

TEST(query_values, are_read_by_name_and_type) {
    query_values values("lat=48.2&limit=20&q=caf%C3%A9&date=2026-11-22&time=19:30&at=2026-11-22T19:30:00Z");
    EXPECT_EQ(values.number("lat", -90, 90), 48.2);
    EXPECT_EQ(values.integer("limit", 1, 100), 20);
    EXPECT_EQ(values.text("q", 10), "caf\xc3\xa9");
    EXPECT_EQ(values.calendar_date("date"), parse_date("2026-11-22"));
    EXPECT_EQ(values.time_of_day("time"), 19 * 60 + 30);
    EXPECT_EQ(values.moment("at"), parse_rfc3339("2026-11-22T19:30:00Z"));
    EXPECT_FALSE(values.text("absent", 10));
    EXPECT_TRUE(values.complete().none());
}

TEST(query_values, collect_what_is_wrong) {
    query_values values("lat=91&limit=x&unknown=1&q=a&q=b");
    EXPECT_FALSE(values.number("lat", -90, 90));
    EXPECT_FALSE(values.integer("limit", 1, 100));
    EXPECT_EQ(values.text("q", 10), "a");
    values.require("time");
    std::string pointers;
    for (const auto& each : values.complete().errors) pointers += each.pointer + ' ';
    EXPECT_EQ(pointers, "q lat limit time unknown ");
}

}  // namespace query_values_test
}  // namespace qtable::net
