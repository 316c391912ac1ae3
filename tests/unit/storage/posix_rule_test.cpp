#include "storage/zone/posix_rule.hpp"

#include <gtest/gtest.h>

namespace qtable::storage {
namespace posix_rule_test {

std::string changes(std::string_view line, int year) {
    const auto rule = parse_posix_rule(line);
    if (!rule) return "none";
    const auto both = rule->changes_in(year);
    return rfc3339(both[0].at, both[0].offset_s) + ' ' + rfc3339(both[1].at, both[1].offset_s);
}

TEST(posix_rule, the_forms_that_tzdata_uses) {
    EXPECT_EQ(changes("EST5EDT,M3.2.0,M11.1.0", 2060), "2060-03-14T03:00:00-04:00 2060-11-07T01:00:00-05:00");
    EXPECT_EQ(changes("CET-1CEST,M3.5.0,M10.5.0/3", 2061),
              "2061-03-27T03:00:00+02:00 2061-10-30T02:00:00+01:00");
    EXPECT_EQ(changes("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2050),
              "2050-04-03T01:30:00+10:30 2050-10-02T02:30:00+11:00");
    EXPECT_EQ(changes("NST3:30NDT,M3.2.0,M11.1.0", 2026),
              "2026-03-08T03:00:00-02:30 2026-11-01T01:00:00-03:30");
    // Times beyond a day, before it, and a summer time that is the standard (Dublin).
    EXPECT_EQ(changes("EET-2EEST,M3.4.4/50,M10.4.4/50", 2040),
              "2040-03-24T03:00:00+03:00 2040-10-27T01:00:00+02:00");
    EXPECT_EQ(changes("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2040),
              "2040-03-25T00:00:00-01:00 2040-10-27T23:00:00-02:00");
    EXPECT_EQ(changes("IST-1GMT0,M10.5.0,M3.5.0/1", 2026),
              "2026-03-29T02:00:00+01:00 2026-10-25T01:00:00+00:00");
}

TEST(posix_rule, what_has_no_summer_time_or_is_malformed) {
    for (const char* line : {"", "UTC0", "<+0545>-5:45", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,J60,J300",
                             "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.0.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
                             "EST5EDT,M3.2.0,M11.1.0,", "<+03", "E5"}) {
        EXPECT_EQ(changes(line, 2026), "none") << line;
    }
}

}  // namespace posix_rule_test
}  // namespace qtable::storage
