#include "tools/qtable/import/osm_hours.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace qtable::tools {
namespace osm_hours_test {

// The week on one line: runs of equal days, "Mo-Fr 11:00-22:00; Sa-Su 12:00-02:00"; closed days are left out.
std::string week_text(const weekly_hours& week) {
    constexpr std::array<const char*, 7> names = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
    std::string text;
    for (std::size_t first = 0; first < 7;) {
        std::size_t last = first;
        while (last + 1 < 7 && week.days[last + 1] == week.days[first]) ++last;
        if (!week.days[first].empty()) {
            if (!text.empty()) text += "; ";
            text += names[first];
            if (last > first) text += std::string("-") + names[last];
            text += " " + format_day_hours(week.days[first]);
        }
        first = last + 1;
    }
    return text;
}

struct readable {
    std::string_view written;
    std::string_view week;
};

class readable_hours : public testing::TestWithParam<readable> {};

TEST_P(readable_hours, give_the_week) {
    const osm_hours_result hours = parse_osm_hours(GetParam().written);
    ASSERT_TRUE(hours.has_value()) << GetParam().written << ": " << hours.error().reason;
    EXPECT_EQ(week_text(hours->week), GetParam().week) << GetParam().written;
}

INSTANTIATE_TEST_SUITE_P(
    days_and_ranges, readable_hours,
    testing::Values(readable{"24/7", "Mo-Su 00:00-24:00"}, readable{"10:00-22:00", "Mo-Su 10:00-22:00"},
                    readable{"Mo-Su 11:00-21:30", "Mo-Su 11:00-21:30"},
                    readable{"Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:00"},
                    readable{"Sa,Su 10:00-15:00", "Sa-Su 10:00-15:00"},
                    readable{"Su-Th 12:00-21:00", "Mo-Th 12:00-21:00; Su 12:00-21:00"},
                    readable{"We-Mo 16:00-22:00", "Mo 16:00-22:00; We-Su 16:00-22:00"},
                    readable{"Mo,We-Fr 12:00-20:00", "Mo 12:00-20:00; We-Fr 12:00-20:00"},
                    readable{"Mo, Su 11:30-21:00", "Mo 11:30-21:00; Su 11:30-21:00"},
                    readable{"Th 18:00-20:00", "Th 18:00-20:00"},
                    readable{"Mo Tu We 10:00-12:30", "Mo-We 10:00-12:30"},
                    readable{"12:00-15:00,17:30-22:00", "Mo-Su 12:00-15:00,17:30-22:00"},
                    readable{"12:00-15:00, 17:30-22:00", "Mo-Su 12:00-15:00,17:30-22:00"},
                    readable{"07:00-11:00,12:00-15:30,17:00-22:00",
                             "Mo-Su 07:00-11:00,12:00-15:30,17:00-22:00"},
                    readable{"17:30-22:00,12:00-15:00", "Mo-Su 12:00-15:00,17:30-22:00"},
                    readable{"10:00-15:00,14:00-20:00", "Mo-Su 10:00-20:00"},
                    readable{"10:00-14:00,14:00-20:00", "Mo-Su 10:00-20:00"},
                    readable{"Mo-Fr 24/7", "Mo-Fr 00:00-24:00"}));

INSTANTIATE_TEST_SUITE_P(past_midnight, readable_hours,
                         testing::Values(readable{"18:00-02:00", "Mo-Su 18:00-02:00"},
                                         readable{"18:00-26:00", "Mo-Su 18:00-02:00"},
                                         readable{"17:00-24:00", "Mo-Su 17:00-24:00"},
                                         readable{"17:00-00:00", "Mo-Su 17:00-24:00"},
                                         readable{"00:00-24:00", "Mo-Su 00:00-24:00"},
                                         readable{"Fr 11:30-05:00", "Fr 11:30-05:00"},
                                         readable{"18:00-24:00,00:00-02:00",
                                                  "Mo-Su 00:00-02:00,18:00-24:00"}));

INSTANTIATE_TEST_SUITE_P(
    rules, readable_hours,
    testing::Values(
        readable{"Mo-Th 12:00-22:00; Fr-Sa 12:00-23:00; Su 12:00-21:00",
                 "Mo-Th 12:00-22:00; Fr-Sa 12:00-23:00; Su 12:00-21:00"},
        readable{"11:30-22:00; Fr-Sa 11:30-24:00; Su 13:00-21:00",
                 "Mo-Th 11:30-22:00; Fr-Sa 11:30-24:00; Su 13:00-21:00"},
        readable{"Tu-Sa 17:30-22:30; Fr-Sa 12:00-15:00, 17:30-22:30",
                 "Tu-Th 17:30-22:30; Fr-Sa 12:00-15:00,17:30-22:30"},
        readable{"17:00-23:00; Su 11:00-14:00", "Mo-Sa 17:00-23:00; Su 11:00-14:00"},
        readable{"Mo-Sa 11:30-05:00,Su 17:00-05:00", "Mo-Sa 11:30-05:00; Su 17:00-05:00"},
        readable{"We-Fr 11:30-22:00, Sa 09:30-22:00, Su 09:30-21:00",
                 "We-Fr 11:30-22:00; Sa 09:30-22:00; Su 09:30-21:00"},
        readable{"18:00-24:00, Fr-Sa 18:00-02:00", "Mo-Th 18:00-24:00; Fr-Sa 18:00-02:00; Su 18:00-24:00"},
        readable{"Su-Th 17:30-22:30, Fr,Sa 17:00-23:00, Sa,Su 12:30-15:30",
                 "Mo-Th 17:30-22:30; Fr 17:00-23:00; Sa 12:30-15:30,17:00-23:00; Su 12:30-15:30,17:30-22:30"},
        readable{"Mo-Fr 10:00-14:00, Fr 14:00-18:00", "Mo-Th 10:00-14:00; Fr 10:00-18:00"},
        readable{"16:00-24:00, Sa 12:00-02:00, Su 12:00-24:00 ,Mo off,Th-Fr 16:00-02:00",
                 "Tu-We 16:00-24:00; Th-Fr 16:00-02:00; Sa 12:00-02:00; Su 12:00-24:00"},
        readable{"Mo-Fr 10:00-20:00 Sa 10:00-14:00", "Mo-Fr 10:00-20:00; Sa 10:00-14:00"},
        readable{"Mo-Fr 10:00-20:00;; Sa 10:00-14:00;", "Mo-Fr 10:00-20:00; Sa 10:00-14:00"}));

INSTANTIATE_TEST_SUITE_P(
    closed, readable_hours,
    testing::Values(readable{"17:30-22:00; Su off", "Mo-Sa 17:30-22:00"},
                    readable{"18:00-24:00; Su-Mo off", "Tu-Sa 18:00-24:00"},
                    readable{"12:00-20:00; Mo closed", "Tu-Su 12:00-20:00"},
                    readable{"Mo off; Tu-Su 16:00-22:00", "Tu-Su 16:00-22:00"},
                    readable{"Su,Mo off; Tu-Sa 11:30-15:00,18:00-24:00", "Tu-Sa 11:30-15:00,18:00-24:00"},
                    readable{"11:00-24:00; Su-Mo off; Fr-Su 11:00-01:00",
                             "Tu-Th 11:00-24:00; Fr-Su 11:00-01:00"},
                    readable{"11:30-00:30; Su off", "Mo-Sa 11:30-00:30"},
                    readable{"17:00-24:00,Fr 17:00-01:00,Mo-Tu off",
                             "We-Th 17:00-24:00; Fr 17:00-01:00; Sa-Su 17:00-24:00"},
                    readable{"10:00-20:00; We 14:00-15:00 off",
                             "Mo-Tu 10:00-20:00; We 10:00-14:00,15:00-20:00; Th-Su 10:00-20:00"},
                    readable{"off", ""}, readable{"Mo-Su closed", ""}));

INSTANTIATE_TEST_SUITE_P(
    holidays, readable_hours,
    testing::Values(readable{"Mo-Sa 11:30-24:00, PH off", "Mo-Sa 11:30-24:00"},
                    readable{"Mo-Fr,PH 10:00-22:00", "Mo-Fr 10:00-22:00"},
                    readable{"PH,Mo-Su 07:00-10:00", "Mo-Su 07:00-10:00"},
                    readable{"11:00-24:00; Su,PH 13:00-24:00", "Mo-Sa 11:00-24:00; Su 13:00-24:00"},
                    readable{"11:30-16:00; Su,PH off", "Mo-Sa 11:30-16:00"},
                    readable{"12:00-22:00; PH 12:00-20:00", "Mo-Su 12:00-22:00"},
                    readable{"Mo-Fr 08:00-16:00; SH Mo-Fr 10:00-14:00", "Mo-Fr 08:00-16:00"},
                    readable{"Th-Fr 12:00-15:00,17:30-24:00,PH off", "Th-Fr 12:00-15:00,17:30-24:00"}));

INSTANTIATE_TEST_SUITE_P(
    as_people_write, readable_hours,
    testing::Values(
        readable{"Mo-Fr: 11-22", "Mo-Fr 11:00-22:00"}, readable{"11.00-22.00", "Mo-Su 11:00-22:00"},
        readable{"Mo - Fr 12:00 - 22:00", "Mo-Fr 12:00-22:00"},
        readable{"Mo\u2013Fr 12:00\u201322:00", "Mo-Fr 12:00-22:00"},
        readable{"Mo\u2014Fr\u00a012:00\u221222:00", "Mo-Fr 12:00-22:00"},
        readable{"Su-Th 10:00-01:00, Fr-Sa10:00-02:00",
                 "Mo-Th 10:00-01:00; Fr-Sa 10:00-02:00; Su 10:00-01:00"},
        readable{"Mo-We 14:00-22:00;Th-Su 12:00 - 22:00", "Mo-We 14:00-22:00; Th-Su 12:00-22:00"},
        readable{"17:00 -23:00 ; Fr-Sa 17:00-24:00; Su-Tu off", "We-Th 17:00-23:00; Fr-Sa 17:00-24:00"},
        readable{"Mo-Fri 15:00-22:00; Sa-Sun 12:00-23:00", "Mo-Fr 15:00-22:00; Sa-Su 12:00-23:00"},
        readable{"monday-friday 8:00-23:00", "Mo-Fr 08:00-23:00"},
        readable{"Di-Do 12:00-22:00; So 12:00-20:00", "Tu-Th 12:00-22:00; Su 12:00-20:00"},
        readable{"MO-FR 1100-2230", "Mo-Fr 11:00-22:30"}, readable{"Mo-Fr 11h30-22h", "Mo-Fr 11:30-22:00"},
        readable{"Tue-Sat 11:30am-10pm", "Tu-Sa 11:30-22:00"}, readable{"12 pm - 12 am", "Mo-Su 12:00-24:00"},
        readable{"Mo-Fr 10:00-18:00 open", "Mo-Fr 10:00-18:00"}));

TEST(osm_hours, comments_after_hours_are_notes) {
    const auto hours = parse_osm_hours("17:30-24:00 \"last order 21:30\"; Su 12:00-16:00 \"buffet\"");
    ASSERT_TRUE(hours.has_value());
    EXPECT_EQ(week_text(hours->week), "Mo-Sa 17:30-24:00; Su 12:00-16:00");
    EXPECT_EQ(hours->note, "last order 21:30; buffet");
}

TEST(osm_hours, a_rule_of_only_a_comment_carries_no_hours) {
    const auto hours = parse_osm_hours("\"opera days\"; Mo-Fr 11:00-16:00");
    ASSERT_TRUE(hours.has_value());
    EXPECT_EQ(week_text(hours->week), "Mo-Fr 11:00-16:00");
    EXPECT_EQ(hours->note, "opera days");
}

TEST(osm_hours, minutes_count_from_the_midnight_that_begins_the_day) {
    const auto hours = parse_osm_hours("Sa 18:00-02:00; Su 20:00-24:00");
    ASSERT_TRUE(hours.has_value());
    EXPECT_EQ(hours->week.days[5], (day_hours{{1080, 1560}}));
    EXPECT_EQ(hours->week.days[6], (day_hours{{1200, 1440}}));
}

struct refused {
    std::string_view written;
    std::string_view reason;  // a part of it
    std::size_t offset;
};

class refused_hours : public testing::TestWithParam<refused> {};

TEST_P(refused_hours, say_why_and_where) {
    const osm_hours_result hours = parse_osm_hours(GetParam().written);
    ASSERT_TRUE(hours.has_error()) << GetParam().written << " gave " << week_text(hours->week);
    EXPECT_NE(hours.error().reason.find(GetParam().reason), std::string::npos)
        << GetParam().written << ": " << hours.error().reason;
    EXPECT_EQ(hours.error().offset, GetParam().offset) << GetParam().written << ": " << hours.error().reason;
}

INSTANTIATE_TEST_SUITE_P(no_week, refused_hours,
                         testing::Values(refused{"Apr-Sep Mo-Fr 10:00-22:00", "month", 0},
                                         refused{"11:00-24:00; Dec 24-25 off; Jan 01 off", "month", 13},
                                         refused{"2024 Dec 24 10:00-12:00", "month", 5},
                                         refused{"Mo-Fr 10:00-20:00; december off", "month", 19},
                                         refused{"week 1-10 Mo 10:00-22:00", "week of the year", 0},
                                         refused{"Mo[1] 10:00-22:00", "week of the month", 2},
                                         refused{"Tu-Su 17:30-23:30; easter -1 day off", "Easter", 19},
                                         refused{"10:00-sunset", "sun", 6},
                                         refused{"PH -1 day off", "holiday", 3},
                                         refused{"summer 10:00-20:00", "season", 0}));

INSTANTIATE_TEST_SUITE_P(open_end, refused_hours,
                         testing::Values(refused{"17:00+", "end is open", 5},
                                         refused{"Mo-Su 12:00+", "end is open", 11},
                                         refused{"10:00-17:00+", "end is open", 11},
                                         refused{"11:00-15:30,18:00+;Su-Mo off", "end is open", 17},
                                         refused{"Mo 10:00", "no closing time", 8}));

INSTANTIATE_TEST_SUITE_P(no_hours, refused_hours,
                         testing::Values(refused{"", "no weekly hours", 0},
                                         refused{"\"by appointment\"", "no weekly hours", 0},
                                         refused{"Su off", "only when it is closed", 0},
                                         refused{"Tu-Sa \"evenings\"", "instead of hours", 6},
                                         refused{"PH 10:00-12:00", "no weekly hours", 0},
                                         refused{"Mo-Fr", "days without hours", 5},
                                         refused{"unknown", "not understood", 0},
                                         refused{"Mo-Fr evening", "not understood", 6}));

INSTANTIATE_TEST_SUITE_P(
    two_readings, refused_hours,
    testing::Values(refused{"11:00-01:00, Su 11:00-23:00", "two ways", 13},
                    refused{"11:00-22:00, Sa 12:00-02:00", "two ways", 13},
                    refused{"Su off, 10:00-22:00", "two ways", 8},
                    refused{"Mo-Tu 11:30-01:00, 11:30-03:00", "open at the same time", 19},
                    refused{"Mo-Fr 9-5", "am and pm", 6}, refused{"Mo-Fr 11:00-3:00", "am and pm", 6},
                    refused{"11-10pm", "am or pm", 0},
                    refused{"Fr 18:00-24:00,00:00-02:00", "which night", 0},
                    refused{"Mo \"lunch\" 10:00-12:00", "instead of hours", 3},
                    refused{"\"lunch\" 10:00-12:00", "may limit", 8}));

INSTANTIATE_TEST_SUITE_P(
    broken, refused_hours,
    testing::Values(refused{"Mo-Fr 10:00-10:00", "same time", 6},
                    refused{"25:00-26:00", "opens after midnight", 0},
                    refused{"10:75-12:00", "not a time", 0}, refused{"10:00-49:00", "not a time", 6},
                    refused{"10:00-36:00", "longer than a day", 0}, refused{"10:5-12:00", "not a time", 3},
                    refused{"930-2200", "not a time", 0}, refused{"Mo-Fx 10:00-12:00", "no weekday", 3},
                    refused{"10:00-12:00 || 13:00-14:00", "alternatives", 12},
                    refused{"10:00-12:00 \"open", "not understood", 12},
                    refused{"10:00-12:00/13:00", "not understood", 11}, refused{"24/6", "24/", 3},
                    refused{"10:00-04:00,00:00-10:00", "longer than a day", 0},
                    refused{"10:00-20:00; We 18:00-02:00 off", "around midnight", 13}));

TEST(osm_hours, a_reason_never_cuts_a_character) {
    const auto hours = parse_osm_hours("Mo-Fr åben");
    ASSERT_TRUE(hours.has_error());
    EXPECT_EQ(hours.error().reason, "not understood: \"å\"");
    EXPECT_EQ(hours.error().offset, 6U);
}

TEST(osm_hours, too_long_a_text_is_refused) {
    const std::string text(max_osm_hours_bytes + 1, ' ');
    ASSERT_TRUE(parse_osm_hours(text).has_error());
    EXPECT_EQ(parse_osm_hours(text).error().reason, "too long");
}

TEST(osm_hours, no_text_breaks_the_reader) {
    // Every piece of a value, and every value with one byte changed, is read or refused.
    const std::string value = "Mo-Fr,PH 10:00-14:30, 18.00-2:00 \"note\"; Su off, Sa 24/7; We 12h-13h off";
    for (std::size_t length = 0; length <= value.size(); ++length) {
        const auto piece = parse_osm_hours(value.substr(0, length));
        if (piece.has_error()) {
            EXPECT_LE(piece.error().offset, length);
        }
    }
    for (std::size_t at = 0; at < value.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = value;
            changed[at] = static_cast<char>(byte);
            const auto hours = parse_osm_hours(changed);
            if (!hours.has_value()) continue;
            for (const day_hours& day : hours->week.days)
                EXPECT_EQ(parse_day_hours(format_day_hours(day)), day) << changed;
        }
    }
}

}  // namespace osm_hours_test
}  // namespace qtable::tools
