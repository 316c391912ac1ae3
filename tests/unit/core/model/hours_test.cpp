#include "core/model/hours.hpp"

#include <gtest/gtest.h>

namespace qtable {
namespace hours_test {

std::string round_trip(std::string_view text) {
    const auto ranges = parse_day_hours(text);
    return ranges ? format_day_hours(*ranges) : "refused";
}

TEST(Hours, ParsesRanges) {
    EXPECT_EQ(parse_day_hours("09:00-22:00"), (day_hours{{540, 1320}}));
    EXPECT_EQ(parse_day_hours("18:00-02:00"), (day_hours{{1080, 1560}})) << "runs into the next day";
    EXPECT_EQ(parse_day_hours("11:30-14:30,18:00-23:00"), (day_hours{{690, 870}, {1080, 1380}}));
    EXPECT_EQ(parse_day_hours(" 18:00-23:00 , 11:30-14:30 "), (day_hours{{690, 870}, {1080, 1380}}))
        << "sorted";
    EXPECT_EQ(parse_day_hours(""), day_hours{});
    EXPECT_EQ(parse_day_hours("  "), day_hours{});
}

TEST(Hours, TheWholeDay) {
    EXPECT_EQ(parse_day_hours("00:00-24:00"), (day_hours{{0, 1440}}));
    EXPECT_EQ(parse_day_hours("00:00-00:00"), (day_hours{{0, 1440}}));
    EXPECT_EQ(parse_day_hours("10:00-10:00"), (day_hours{{600, 2040}}));
}

TEST(Hours, Refuses) {
    for (const char* wrong : {"9:00-22:00", "09:00", "09:00-", "09:00-22:00,", ",09:00-22:00", "09:00-25:00",
                              "24:00-02:00", "09:00 - 22:00", "09:00-12:00,11:00-13:00", "closed",
                              "09:00-22:00;", "09:00-12:00,,13:00-14:00", "18:00-02:00,01:00-18:30"}) {
        EXPECT_EQ(round_trip(wrong), "refused") << wrong;
    }
}

TEST(Hours, FormatsWhatItParses) {
    for (const char* text : {"", "09:00-22:00", "18:00-02:00", "00:00-24:00", "11:30-14:30,18:00-24:00",
                             "09:00-12:00,12:00-13:00"}) {
        EXPECT_EQ(round_trip(text), text);
    }
    EXPECT_EQ(round_trip("00:00-00:00"), "00:00-24:00");
}

TEST(Hours, AWeekIsEmptyWhenEveryDayIs) {
    weekly_hours week;
    EXPECT_TRUE(week.empty());
    week.days[6] = *parse_day_hours("12:00-13:00");
    EXPECT_FALSE(week.empty());
    EXPECT_EQ(weekday_names[0], "monday");
    EXPECT_EQ(weekday_names[6], "sunday");
}

}  // namespace hours_test
}  // namespace qtable
