#include "core/base/time.hpp"

#include <gtest/gtest.h>

#include "core/base/instant_bounds.hpp"

namespace qtable {
namespace time_test {

TEST(Date, ParsesRealDaysOnly) {
    EXPECT_EQ(parse_date("1970-01-01")->days, 0);
    EXPECT_EQ(parse_date("2026-11-22")->days, 20779);
    for (const char* wrong : {"2026-02-30", "2027-02-29", "2026-04-31", "0000-01-01", "2026-13-01",
                              "2026-00-10", "2026-01-00", "2026-1-01", "2026-01-1", "26-01-01", "2026/01/01",
                              "2026-01-01 ", "-026-01-01", "+026-01-01", "2026-01-0a", "", "10000-01-01"}) {
        EXPECT_FALSE(parse_date(wrong)) << wrong;
    }
}

TEST(Date, KnowsLeapYears) {
    EXPECT_TRUE(parse_date("2028-02-29"));
    EXPECT_TRUE(parse_date("2000-02-29"));
    EXPECT_FALSE(parse_date("1900-02-29"));
    EXPECT_FALSE(parse_date("2100-02-29"));
    EXPECT_TRUE(parse_date("2400-02-29"));
}

TEST(Date, EveryDayOfFourCenturiesGoesRoundAndComesNext) {
    date expected = *parse_date("1888-01-01");
    for (int year = 1888; year < 2288; ++year) {
        for (int month = 1; month <= 12; ++month) {
            for (int day = 1; is_valid_civil(year, month, day); ++day) {
                ASSERT_EQ(from_civil(year, month, day), expected);
                const civil back = to_civil(expected);
                ASSERT_TRUE(back.year == year && back.month == month && back.day == day)
                    << to_string(expected);
                expected = expected.plus_days(1);
            }
        }
    }
    EXPECT_EQ(to_string(expected), "2288-01-01");
}

TEST(Date, Weekdays) {
    EXPECT_EQ(parse_date("1970-01-01")->weekday(), 3);  // a Thursday
    EXPECT_EQ(parse_date("2026-11-22")->weekday(), 6);
    EXPECT_EQ(parse_date("2026-11-23")->weekday(), 0);
    EXPECT_EQ(parse_date("1969-12-28")->weekday(), 6);
    EXPECT_EQ(parse_date("0001-01-01")->weekday(), 0);
}

TEST(TimeOfDay, IsExactlyHoursAndMinutes) {
    EXPECT_EQ(parse_time_of_day("00:00"), 0);
    EXPECT_EQ(parse_time_of_day("23:59"), 1439);
    for (const char* wrong :
         {"24:00", "12:60", "9:00", "09:0", "0900", "09:00:00", "09.00", "-1:00", "", "aa:bb"}) {
        EXPECT_FALSE(parse_time_of_day(wrong)) << wrong;
    }
    EXPECT_EQ(time_of_day_to_string(0), "00:00");
    EXPECT_EQ(time_of_day_to_string(1500), "01:00");
    EXPECT_EQ(time_of_day_to_string(-30), "23:30");
}

TEST(Rfc3339, ParsesOffsetsAndFractions) {
    const instant noon = *parse_rfc3339("2026-11-22T12:00:00Z");
    EXPECT_EQ(noon.ms, 20779 * ms_per_day + ms_per_day / 2);
    EXPECT_EQ(parse_rfc3339("2026-11-22T13:00:00+01:00"), noon);
    EXPECT_EQ(parse_rfc3339("2026-11-22T17:45:00+05:45"), noon);
    EXPECT_EQ(parse_rfc3339("2026-11-22T08:30:00-03:30"), noon);
    EXPECT_EQ(parse_rfc3339("2026-11-22t12:00:00z"), noon);
    EXPECT_EQ(parse_rfc3339("2026-11-22T12:00:00.25Z"), noon.plus_ms(250));
    EXPECT_EQ(parse_rfc3339("2026-11-22T12:00:00.123456789Z"), noon.plus_ms(123));
    EXPECT_EQ(parse_rfc3339("1969-12-31T23:59:59.500Z"), instant{-500});
}

TEST(Rfc3339, RefusesEverythingElse) {
    for (const char* wrong :
         {"", "2026-11-22", "2026-11-22T12:00Z", "2026-11-22T12:00:00", "2026-11-22 12:00:00Z",
          "2026-11-22T24:00:00Z", "2026-11-22T12:00:60Z", "2026-11-22T12:00:00+1:00",
          "2026-11-22T12:00:00+0100", "2026-11-22T12:00:00+24:00", "2026-11-22T12:00:00.Z",
          "2026-11-22T12:00:00.1234567890Z", "2026-02-30T12:00:00Z", "2026-11-22T12:00:00ZZ",
          "2026-11-22T12:00:00.", "2026-11-22T12-00-00Z"}) {
        EXPECT_FALSE(parse_rfc3339(wrong)) << wrong;
    }
}

// What lies outside in UTC couldn't be written again.
TEST(Rfc3339, StaysWithinTheYearsOfFourDigits) {
    EXPECT_EQ(parse_rfc3339("0001-01-01T00:00:00Z"), earliest_instant);
    EXPECT_EQ(parse_rfc3339("0001-01-01T01:00:00+01:00"), earliest_instant);
    EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59.999Z"), latest_instant);
    EXPECT_EQ(rfc3339_utc_ms(earliest_instant), "0001-01-01T00:00:00.000Z");
    EXPECT_EQ(rfc3339_utc_ms(latest_instant), "9999-12-31T23:59:59.999Z");
    EXPECT_FALSE(parse_rfc3339("0001-01-01T00:00:00+00:01"));
    EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59-00:01"));
}

TEST(Rfc3339, WritesLocalTimeWithOffset) {
    const instant noon = *parse_rfc3339("2026-11-22T12:00:00Z");
    EXPECT_EQ(rfc3339(noon, 3600), "2026-11-22T13:00:00+01:00");
    EXPECT_EQ(rfc3339(noon, 0), "2026-11-22T12:00:00+00:00");
    EXPECT_EQ(rfc3339(noon, -12600), "2026-11-22T08:30:00-03:30");
    EXPECT_EQ(rfc3339(noon, 50400), "2026-11-23T02:00:00+14:00");
    EXPECT_EQ(rfc3339(instant{-1}, 0), "1969-12-31T23:59:59+00:00");
}

TEST(Rfc3339, WritesUtcWithMilliseconds) {
    EXPECT_EQ(rfc3339_utc_ms(instant{0}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(rfc3339_utc_ms(instant{-1}), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(rfc3339_utc_ms(*parse_rfc3339("2026-11-22T18:30:00.123Z")), "2026-11-22T18:30:00.123Z");
}

}  // namespace time_test
}  // namespace qtable
