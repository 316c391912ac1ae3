// Time as plain values: an instant (UTC), a calendar date, a wall-clock minute. Nothing here reads a clock.
// Formats are the contract's: `YYYY-MM-DD`, `HH:MM`, RFC 3339 with offset.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qtable {

constexpr std::int64_t ms_per_second = 1000;
constexpr std::int64_t ms_per_minute = 60 * ms_per_second;
constexpr std::int64_t ms_per_day = 24 * 60 * ms_per_minute;
constexpr int minutes_per_day = 24 * 60;

// Milliseconds since 1970-01-01T00:00:00Z.
struct instant {
    std::int64_t ms = 0;
    friend auto operator<=>(const instant&, const instant&) = default;
    instant plus_minutes(std::int64_t minutes) const noexcept { return {ms + minutes * ms_per_minute}; }
    instant plus_ms(std::int64_t more) const noexcept { return {ms + more}; }
};

// Days since 1970-01-01 in the proleptic Gregorian calendar.
struct date {
    std::int32_t days = 0;
    friend auto operator<=>(const date&, const date&) = default;
    date plus_days(int more) const noexcept { return {days + more}; }
    // 0 = Monday … 6 = Sunday.
    int weekday() const noexcept { return ((days % 7) + 10) % 7; }
};

struct civil {
    int year = 1970, month = 1, day = 1;
};

date from_civil(int year, int month, int day) noexcept;
civil to_civil(date value) noexcept;
bool is_valid_civil(int year, int month, int day) noexcept;

// Exactly `YYYY-MM-DD` of a real day in the years 0001–9999.
std::optional<date> parse_date(std::string_view text) noexcept;
// Exactly `HH:MM`, 00:00–23:59; the minute of the day.
std::optional<int> parse_time_of_day(std::string_view text) noexcept;
// RFC 3339 date-time with `Z` or an offset; fractions of a second are cut to milliseconds.
std::optional<instant> parse_rfc3339(std::string_view text) noexcept;

// Writers append at `out` and return the position after: 10, 5, 25 characters.
char* format_date(date value, char* out) noexcept;
char* format_time_of_day(int minute, char* out) noexcept;  // minute modulo a day
// `2026-11-22T19:30:00+01:00`; an offset of zero is `+00:00`.
char* format_rfc3339(instant value, int offset_s, char* out) noexcept;
// `2026-11-22T18:30:00.123Z`, 24 characters.
char* format_rfc3339_utc_ms(instant value, char* out) noexcept;
std::string to_string(date value);
std::string time_of_day_to_string(int minute);
std::string rfc3339(instant value, int offset_s);
std::string rfc3339_utc_ms(instant value);

}  // namespace qtable
