#include "core/base/time.hpp"

#include "core/base/instant_bounds.hpp"

namespace qtable {

namespace {

// `count` decimal digits at text[at]; -1 when one isn't a digit.
int digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

char* put2(int value, char* out) noexcept {
    *out++ = static_cast<char>('0' + value / 10 % 10);
    *out++ = static_cast<char>('0' + value % 10);
    return out;
}

constexpr bool is_leap(int year) noexcept {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
}

// Seconds of offset from `Z`, `+HH:MM` or `-HH:MM`, the whole of `text`.
std::optional<int> parse_offset(std::string_view text) noexcept {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
    const int hour = digits(text, 1, 2), minute = digits(text, 4, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
    const int seconds = hour * 3600 + minute * 60;
    return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

// Both conversions: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and
// civil_from_days.
date from_civil(int year, int month, int day) noexcept {
    const int y = month <= 2 ? year - 1 : year;
    const int era = (y >= 0 ? y : y - 399) / 400;
    const int year_of_era = y - era * 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return {era * 146097 + day_of_era - 719468};
}

civil to_civil(date value) noexcept {
    const int z = value.days + 719468;
    const int era = (z >= 0 ? z : z - 146096) / 146097;
    const int day_of_era = z - era * 146097;
    const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int shifted_month = (5 * day_of_year + 2) / 153;
    const int day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    const int month = shifted_month + (shifted_month < 10 ? 3 : -9);
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

bool is_valid_civil(int year, int month, int day) noexcept {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    return day <= lengths[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

std::optional<date> parse_date(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    if (!is_valid_civil(year, month, day)) return std::nullopt;
    return from_civil(year, month, day);
}

std::optional<int> parse_time_of_day(std::string_view text) noexcept {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const int hour = digits(text, 0, 2), minute = digits(text, 3, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
    return hour * 60 + minute;
}

std::optional<instant> parse_rfc3339(std::string_view text) noexcept {
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[16] != ':') return std::nullopt;
    const auto day = parse_date(text.substr(0, 10));
    const auto minute = parse_time_of_day(text.substr(11, 5));
    const int second = digits(text, 17, 2);
    if (!day || !minute || second < 0 || second > 59) return std::nullopt;
    std::size_t at = 19;
    int ms = 0;
    if (text[at] == '.') {
        const std::size_t first = ++at;
        for (int scale = 100; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
            ms += (text[at] - '0') * scale;
        }
        if (at == first || at - first > 9) return std::nullopt;
    }
    const auto offset_s = parse_offset(text.substr(at));
    if (!offset_s) return std::nullopt;
    const instant at_utc{day->days * ms_per_day + *minute * ms_per_minute +
                         (second - *offset_s) * ms_per_second + ms};
    if (!is_writable(at_utc)) return std::nullopt;
    return at_utc;
}

char* format_date(date value, char* out) noexcept {
    const civil c = to_civil(value);
    out = put2(c.year / 100, out);
    out = put2(c.year % 100, out);
    *out++ = '-';
    out = put2(c.month, out);
    *out++ = '-';
    return put2(c.day, out);
}

char* format_time_of_day(int minute, char* out) noexcept {
    const int of_day = ((minute % minutes_per_day) + minutes_per_day) % minutes_per_day;
    out = put2(of_day / 60, out);
    *out++ = ':';
    return put2(of_day % 60, out);
}

char* format_rfc3339(instant value, int offset_s, char* out) noexcept {
    const std::int64_t local_s = floor_div(value.ms, ms_per_second) + offset_s;
    const std::int64_t day = floor_div(local_s, 86400);
    const auto second_of_day = static_cast<int>(local_s - day * 86400);
    out = format_date({static_cast<std::int32_t>(day)}, out);
    *out++ = 'T';
    out = format_time_of_day(second_of_day / 60, out);
    *out++ = ':';
    out = put2(second_of_day % 60, out);
    const int magnitude_min = (offset_s < 0 ? -offset_s : offset_s) / 60;
    *out++ = offset_s < 0 ? '-' : '+';
    out = put2(magnitude_min / 60, out);
    *out++ = ':';
    return put2(magnitude_min % 60, out);
}

char* format_rfc3339_utc_ms(instant value, char* out) noexcept {
    char* end = format_rfc3339(value, 0, out) - 6;
    const auto ms = static_cast<int>(value.ms - floor_div(value.ms, ms_per_second) * ms_per_second);
    *end++ = '.';
    *end++ = static_cast<char>('0' + ms / 100);
    end = put2(ms % 100, end);
    *end++ = 'Z';
    return end;
}

std::string to_string(date value) {
    std::string text(10, '\0');
    format_date(value, text.data());
    return text;
}

std::string time_of_day_to_string(int minute) {
    std::string text(5, '\0');
    format_time_of_day(minute, text.data());
    return text;
}

std::string rfc3339(instant value, int offset_s) {
    std::string text(25, '\0');
    format_rfc3339(value, offset_s, text.data());
    return text;
}

std::string rfc3339_utc_ms(instant value) {
    std::string text(25, '\0');
    text.resize(static_cast<std::size_t>(format_rfc3339_utc_ms(value, text.data()) - text.data()));
    return text;
}

}  // namespace qtable
