#include "core/model/opening.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/zones.hpp"

namespace qtable {
namespace opening_test {

using test::at;
using test::day;

weekly_hours every_day(const char* text) {
    weekly_hours week;
    week.days.fill(*parse_day_hours(text));
    return week;
}

TEST(Opening, ByTheWallClockOfTheRestaurant) {
    const weekly_hours hours = every_day("18:00-02:00");
    EXPECT_TRUE(is_open_at(hours, {}, test::berlin(), at("2026-11-23T17:00:00Z")));
    EXPECT_FALSE(is_open_at(hours, {}, test::berlin(), at("2026-11-23T16:59:59Z")));
    EXPECT_TRUE(is_open_at(hours, {}, test::berlin(), at("2026-11-24T00:59:00Z"))) << "the night before";
    EXPECT_FALSE(is_open_at(hours, {}, test::berlin(), at("2026-11-24T01:00:00Z")));
    EXPECT_FALSE(is_open_at(weekly_hours(), {}, test::berlin(), at("2026-11-23T19:00:00Z")));
    EXPECT_TRUE(is_open_at(every_day("00:00-24:00"), {}, test::st_johns(), at("2026-11-01T04:45:00Z")));
}

TEST(Opening, SpecialDaysTakeThePlaceOfTheWeek) {
    const weekly_hours hours = every_day("18:00-02:00");
    const std::vector<special_day> days = {{day("2026-11-23"), {}, "closed"},
                                           {day("2026-11-25"), *parse_day_hours("10:00-14:00"), ""}};
    const zone utc = zone::utc();
    EXPECT_TRUE(is_open_at(hours, days, utc, at("2026-11-23T01:00:00Z"))) << "Sunday's night";
    EXPECT_FALSE(is_open_at(hours, days, utc, at("2026-11-23T19:00:00Z")));
    EXPECT_FALSE(is_open_at(hours, days, utc, at("2026-11-24T01:00:00Z"))) << "there was no Monday night";
    EXPECT_TRUE(is_open_at(hours, days, utc, at("2026-11-24T19:00:00Z")));
    EXPECT_TRUE(is_open_at(hours, days, utc, at("2026-11-25T12:00:00Z")));
    EXPECT_FALSE(is_open_at(hours, days, utc, at("2026-11-25T19:00:00Z")));
    EXPECT_FALSE(is_open_at(hours, days, utc, at("2026-11-26T01:00:00Z")));
    EXPECT_TRUE(is_open_at(hours, days, utc, at("2026-12-02T19:00:00Z"))) << "a Wednesday like any other";
}

}  // namespace opening_test
}  // namespace qtable
