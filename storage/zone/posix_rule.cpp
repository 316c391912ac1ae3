#include "storage/zone/posix_rule.hpp"

#include <utility>

namespace qtable::storage {

namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Reads from the front of what is left; once something doesn't fit, `ok` stays false.
struct scanner {
    std::string_view rest;
    bool ok = true;

    bool take(char c) noexcept {
        if (!rest.starts_with(c)) return false;
        rest.remove_prefix(1);
        return true;
    }
    void expect(char c) noexcept { ok = take(c) && ok; }

    int number(int most) noexcept {
        int value = 0;
        std::size_t digits = 0;
        for (; digits < rest.size() && digits < 3 && is_digit(rest[digits]); ++digits)
            value = value * 10 + (rest[digits] - '0');
        rest.remove_prefix(digits);
        ok = ok && digits > 0 && value <= most;
        return value;
    }

    // "EST" or "<+0330>"
    void name() noexcept {
        std::size_t length = 0;
        if (rest.starts_with('<')) {
            length = rest.find('>');
            ok = ok && length != std::string_view::npos;
            if (ok) rest.remove_prefix(length + 1);
            return;
        }
        while (length < rest.size() && is_letter(rest[length])) ++length;
        ok = ok && length >= 3;
        rest.remove_prefix(length);
    }

    // "[+-]h[:mm[:ss]]"; hours reach from -167 to 167 in RFC 8536.
    std::int32_t time_s() noexcept {
        const bool negative = take('-');
        if (!negative) take('+');
        std::int32_t value = number(167) * 3600;
        if (take(':')) value += number(59) * 60;
        if (take(':')) value += number(59);
        return negative ? -value : value;
    }

    posix_rule::change change() noexcept {
        posix_rule::change made;
        expect(',');
        expect('M');
        made.month = number(12);
        expect('.');
        made.week = number(5);
        expect('.');
        made.weekday = number(6);
        if (take('/')) made.time_s = time_s();
        ok = ok && made.month >= 1 && made.week >= 1;
        return made;
    }
};

}  // namespace

date posix_rule::change::day_in(int year) const noexcept {
    const date first = from_civil(year, month, 1);
    const int first_weekday = (first.weekday() + 1) % 7;  // 0 = Sunday
    const date next_month = month == 12 ? from_civil(year + 1, 1, 1) : from_civil(year, month + 1, 1);
    date day = first.plus_days((weekday - first_weekday + 7) % 7 + 7 * (week - 1));
    while (day >= next_month) day = day.plus_days(-7);
    return day;
}

std::array<posix_rule::moment, 2> posix_rule::changes_in(int year) const noexcept {
    const auto at = [&](const change& of, std::int32_t offset_before_s) {
        return instant{of.day_in(year).days * ms_per_day + (of.time_s - offset_before_s) * ms_per_second};
    };
    moment starts{at(summer_starts, standard_offset_s), summer_offset_s};
    moment ends{at(summer_ends, summer_offset_s), standard_offset_s};
    if (ends.at < starts.at) std::swap(starts, ends);
    return {starts, ends};
}

std::optional<posix_rule> parse_posix_rule(std::string_view line) noexcept {
    scanner in{line};
    posix_rule rule;
    in.name();
    rule.standard_offset_s = -in.time_s();  // POSIX counts westwards
    if (!in.ok || in.rest.empty()) return std::nullopt;
    in.name();
    rule.summer_offset_s = rule.standard_offset_s + 3600;
    if (!in.rest.starts_with(',')) rule.summer_offset_s = -in.time_s();
    rule.summer_starts = in.change();
    rule.summer_ends = in.change();
    if (!in.ok || !in.rest.empty()) return std::nullopt;
    return rule;
}

}  // namespace qtable::storage
