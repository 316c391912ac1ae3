// Calendar files, read back as a program that knows nothing but RFC 5545 would.
#include "proto/calendar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "proto/text_rules.hpp"
#include "tests/unit/core/zones.hpp"

namespace qtable::proto {
namespace calendar_test {

using test::at;

// Clocks go back for Ramadan, and forward after it.
zone casablanca() {
    return zone("Africa/Casablanca", {{at("2026-02-15T02:00:00Z"), 0},
                                      {at("2026-03-22T02:00:00Z"), 3600},
                                      {at("2027-02-07T02:00:00Z"), 0},
                                      {at("2027-03-14T02:00:00Z"), 3600},
                                      {at("2028-01-23T02:00:00Z"), 0},
                                      {at("2028-03-05T02:00:00Z"), 3600}});
}

reservation booked(instant starts_at, int stay_min = 105) {
    reservation made;
    made.id = *reservation_id::parse("0190a5c0-0000-7000-8000-000000000001");
    made.party_size = 4;
    made.starts_at = starts_at;
    made.ends_at = starts_at.plus_minutes(stay_min);
    made.created_at = at("2026-11-01T09:00:00Z");
    made.updated_at = at("2026-11-02T09:30:15Z");
    made.confirmation_code = "K7M2PQ4X";
    made.version = 3;
    return made;
}

std::string written(const reservation& what, const zone& where, const calendar_place& place = {}) {
    std::string out;
    write_calendar(out, what, where, place);
    return out;
}

// The physical lines, without their ends.
std::vector<std::string> physical(const std::string& file) {
    std::vector<std::string> found;
    for (std::size_t from = 0; from < file.size();) {
        const std::size_t end = file.find("\r\n", from);
        if (end == std::string::npos) {
            ADD_FAILURE() << "the last line has no end";
            break;
        }
        found.push_back(file.substr(from, end - from));
        from = end + 2;
    }
    return found;
}

std::vector<std::string> unfolded(const std::string& file) {
    std::vector<std::string> found;
    for (const std::string& line : physical(file)) {
        if (line.starts_with(' ')) {
            found.back() += line.substr(1);
        } else {
            found.push_back(line);
        }
    }
    return found;
}

// What follows `name` in the first line that begins so.
std::string value_of(const std::string& file, std::string_view name) {
    for (const std::string& line : unfolded(file)) {
        if (line.starts_with(name)) return line.substr(name.size());
    }
    return "(none)";
}

std::string event_of(const std::string& file) {
    return file.substr(file.find("BEGIN:VEVENT"));
}

int number(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// `20261122T193000` as if it were UTC.
std::int64_t wall_ms(std::string_view text) {
    const date day =
        from_civil(number(text.substr(0, 4)), number(text.substr(4, 2)), number(text.substr(6, 2)));
    const int second =
        number(text.substr(9, 2)) * 3600 + number(text.substr(11, 2)) * 60 + number(text.substr(13, 2));
    return day.days * ms_per_day + second * ms_per_second;
}

int offset_s(std::string_view text) {
    const int size = number(text.substr(1, 2)) * 3600 + number(text.substr(3, 2)) * 60;
    return text[0] == '-' ? -size : size;
}

// The instant that `name` has by the file's own VTIMEZONE: the last observance that begins before it tells.
instant moment(const std::string& file, const std::string& name, const std::string& timezone) {
    const std::string in_utc = value_of(event_of(file), name + ":");
    if (in_utc.ends_with('Z')) return {wall_ms(in_utc)};
    const std::int64_t wanted = wall_ms(value_of(event_of(file), name + ";TZID=" + timezone + ":"));
    std::int64_t begins = 0, latest = -1'000'000'000'000;
    int offset = 0;
    bool is_observance = false;
    for (const std::string& line : unfolded(file)) {
        if (line == "BEGIN:STANDARD" || line == "BEGIN:DAYLIGHT") is_observance = true;
        if (line == "END:STANDARD" || line == "END:DAYLIGHT") is_observance = false;
        if (!is_observance) continue;
        if (line.starts_with("DTSTART:")) begins = wall_ms(line.substr(8));
        if (!line.starts_with("TZOFFSETTO:")) continue;
        // It begins on the wall clock of the one before: a time that comes twice is read by that one.
        if (wanted >= begins && begins > latest) {
            latest = begins;
            offset = offset_s(line.substr(11));
        }
    }
    return {wanted - offset * ms_per_second};
}

TEST(calendar, holds_what_was_booked) {
    const std::string file = written(booked(at("2026-11-22T18:30:00Z")), test::berlin(),
                                     {.name = "Bryghus",
                                      .address = "Ryesgade 3",
                                      .phone = "+45 11",
                                      .website = "https://b.example/",
                                      .latitude = 55.69,
                                      .longitude = -12.5});
    EXPECT_TRUE(file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
    EXPECT_TRUE(file.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    EXPECT_EQ(value_of(file, "UID:"), "0190a5c0-0000-7000-8000-000000000001@qtable");
    EXPECT_EQ(value_of(file, "DTSTAMP:"), "20261102T093015Z");
    EXPECT_EQ(value_of(file, "SEQUENCE:"), "3");
    EXPECT_EQ(value_of(file, "STATUS:"), "CONFIRMED");
    EXPECT_EQ(value_of(file, "DTSTART;TZID=Europe/Berlin:"), "20261122T193000");
    EXPECT_EQ(value_of(file, "DTEND;TZID=Europe/Berlin:"), "20261122T211500");
    EXPECT_EQ(value_of(file, "SUMMARY:"), "Table for 4 at Bryghus");
    EXPECT_EQ(value_of(file, "LOCATION:"), "Bryghus\\, Ryesgade 3");
    EXPECT_EQ(value_of(file, "GEO:"), "55.690000;-12.500000");
    EXPECT_EQ(value_of(file, "URL:"), "https://b.example/");
    EXPECT_EQ(value_of(file, "DESCRIPTION:"), "Confirmation code: K7M2PQ4X\\nParty of 4\\nTelephone: +45 11");
    EXPECT_EQ(value_of(file, "ORGANIZER"), "(none)");
    EXPECT_EQ(value_of(file, "METHOD"), "(none)");
}

TEST(calendar, tells_what_became_of_it) {
    reservation what = booked(at("2026-11-22T18:30:00Z"));
    const auto status = [&what](reservation_status now) {
        what.status = now;
        return value_of(written(what, zone::utc()), "STATUS:");
    };
    EXPECT_EQ(status(reservation_status::seated), "CONFIRMED");
    EXPECT_EQ(status(reservation_status::completed), "CONFIRMED");
    EXPECT_EQ(status(reservation_status::cancelled), "CANCELLED");
    EXPECT_EQ(status(reservation_status::no_show), "CANCELLED");
}

TEST(calendar, a_place_that_is_gone_is_left_out) {
    const std::string file = written(booked(at("2026-11-22T18:30:00Z")), zone::utc());
    EXPECT_EQ(value_of(file, "SUMMARY:"), "Table for 4");
    for (const char* name : {"LOCATION", "GEO", "URL"}) EXPECT_EQ(value_of(file, name), "(none)") << name;
}

TEST(calendar, escapes_text) {
    reservation what = booked(at("2026-11-22T18:30:00Z"));
    what.special_requests = "a;b,c\\d\ne: \"f\"";
    EXPECT_EQ(value_of(written(what, zone::utc()), "DESCRIPTION:"),
              "Confirmation code: K7M2PQ4X\\nParty of 4\\nRequests: a\\;b\\,c\\\\d\\ne: \"f\"");
}

// Characters of each length, at every offset from the fold.
TEST(calendar, folds_at_75_bytes_and_never_inside_of_a_character) {
    for (const std::string_view character : {"x", "æ", "€", "🌿"}) {
        for (std::size_t before = 0; before < 80; ++before) {
            std::string name(before, '-');
            for (int i = 0; i < 60; ++i) name += character;
            const std::string file = written(booked(at("2026-11-22T18:30:00Z")), zone::utc(), {.name = name});
            for (const std::string& line : physical(file)) {
                ASSERT_LE(line.size(), 75U);
                ASSERT_TRUE(is_valid_utf8(line)) << line;
                ASSERT_EQ(line.find_first_of("\r\n"), std::string::npos);
            }
            ASSERT_EQ(value_of(file, "SUMMARY:"), "Table for 4 at " + name);
        }
    }
    // Not sooner than need be.
    const std::string file =
        written(booked(at("2026-11-22T18:30:00Z")), zone::utc(), {.name = std::string(200, 'x')});
    std::size_t longest = 0;
    for (const std::string& line : physical(file)) longest = std::max(longest, line.size());
    EXPECT_EQ(longest, 75U);
}

TEST(calendar, brings_the_changes_of_its_zone) {
    const std::string file = written(booked(at("2026-11-22T18:30:00Z")), test::new_york());
    EXPECT_NE(file.find("BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\n"), std::string::npos);
    EXPECT_NE(file.find("BEGIN:STANDARD\r\nDTSTART:20261101T020000\r\nTZOFFSETFROM:-0400\r\n"
                        "TZOFFSETTO:-0500\r\nEND:STANDARD\r\n"),
              std::string::npos)
        << file;
    EXPECT_NE(file.find("BEGIN:DAYLIGHT\r\nDTSTART:20270314T020000\r\nTZOFFSETFROM:-0500\r\n"
                        "TZOFFSETTO:-0400\r\nEND:DAYLIGHT\r\n"),
              std::string::npos)
        << file;
}

TEST(calendar, a_zone_that_never_changes) {
    const std::string file = written(booked(at("2026-11-22T18:30:00Z")), test::kathmandu());
    EXPECT_NE(file.find("BEGIN:VTIMEZONE\r\nTZID:Asia/Kathmandu\r\nBEGIN:STANDARD\r\nDTSTART:19700101T054500"
                        "\r\nTZOFFSETFROM:+0545\r\nTZOFFSETTO:+0545\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"),
              std::string::npos)
        << file;
    EXPECT_EQ(value_of(file, "DTSTART;TZID=Asia/Kathmandu:"), "20261123T001500");
}

// Every half hour around the changes of each zone, and once a day in between: the file alone gives the right
// moments.
TEST(calendar, means_the_same_moments) {
    const std::vector<zone> zones = {test::new_york(), test::berlin(),    test::lord_howe(),
                                     casablanca(),     test::kathmandu(), zone::utc()};
    const instant end = at("2027-10-01T00:00:00Z");
    for (const zone& where : zones) {
        for (instant start = at("2026-05-01T00:30:00Z"); start < end;) {
            const std::string file = written(booked(start), where);
            const std::string context = where.name() + ' ' + rfc3339_utc_ms(start) + '\n' + file;
            ASSERT_EQ(moment(file, "DTSTART", where.name()), start) << context;
            ASSERT_EQ(moment(file, "DTEND", where.name()), start.plus_minutes(105)) << context;
            const bool is_near =
                where.steady_at(start.plus_minutes(-6 * 60)).until < start.plus_minutes(30 * 60);
            start = start.plus_minutes(is_near ? 30 : 24 * 60);
        }
    }
}

TEST(calendar, of_a_time_that_comes_twice_the_second_is_told_in_utc) {
    // 02:30 comes twice in Berlin that night.
    const std::string first = written(booked(at("2026-10-25T00:30:00Z")), test::berlin());
    EXPECT_EQ(value_of(first, "DTSTART;TZID=Europe/Berlin:"), "20261025T023000");
    const std::string second = written(booked(at("2026-10-25T01:30:00Z")), test::berlin());
    EXPECT_EQ(value_of(event_of(second), "DTSTART:"), "20261025T013000Z");
}

}  // namespace calendar_test
}  // namespace qtable::proto
