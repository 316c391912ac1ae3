#include "loadtest/measure/threshold.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

#include "loadtest/failure.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::array<std::pair<std::string_view, double>, 6> percentiles = {
    {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p999", 99.9}, {"p9999", 99.99}, {"max", 100}}};
constexpr std::string_view event_prefix = "event_";

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw usage_error("--threshold '" + std::string(text) + "': " + why);
}

std::optional<double> parse_number(std::string_view text) noexcept {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (text.empty() || error != std::errc() || at != end || value < 0) return std::nullopt;
    return value;
}

std::optional<double> percentile_of(std::string_view name) noexcept {
    for (const auto& [known, percent] : percentiles) {
        if (known == name) return percent;
    }
    return std::nullopt;
}

std::string without_blanks(std::string_view text) {
    std::string kept;
    for (const char c : text) {
        if (c != ' ' && c != '\t') kept += c;
    }
    return kept;
}

void read_name(std::string_view name, threshold& made) {
    if (const std::size_t dot = name.find('.'); dot != std::string_view::npos) {
        made.which = parse_kind(name.substr(0, dot));
        if (!made.which) {
            std::string known;
            for (const std::string_view each : kind_names)
                known.append(known.empty() ? "" : ", ").append(each);
            refuse(made.text, "'" + std::string(name.substr(0, dot)) + "' is no kind of request: " + known);
        }
        name.remove_prefix(dot + 1);
    }
    if (name == "errors" || name == "conflicts" || name == "rate") {
        made.what = name == "errors" ? measure::errors : name == "rate" ? measure::rate : measure::conflicts;
        return;
    }
    const bool is_event = name.starts_with(event_prefix) && !made.which;
    if (is_event) name.remove_prefix(event_prefix.size());
    const auto percent = percentile_of(name);
    if (!percent)
        refuse(made.text, "'" + std::string(name) +
                              "' is none of p50, p90, p99, p999, p9999, max, event_p99 and its like, errors, "
                              "conflicts, rate");
    made.what = is_event ? measure::event_percentile : measure::percentile;
    made.percent = *percent;
}

void read_limit(std::string_view limit, threshold& made) {
    std::optional<double> value;
    switch (made.what) {
        case measure::percentile:
        case measure::event_percentile:
            value = parse_duration_ns(limit);
            if (!value) refuse(made.text, "wants a duration, like 5ms, 200us or 1.5s");
            break;
        case measure::errors:
        case measure::conflicts:
            if (limit.ends_with('%')) value = parse_number(limit.substr(0, limit.size() - 1));
            if (!value) refuse(made.text, "wants a share, like 1%");
            break;
        case measure::rate:
            value = parse_number(limit);
            if (!value) refuse(made.text, "wants a number of requests a second, like 1000");
            break;
    }
    made.limit = *value;
}

}  // namespace

bool threshold::holds(double value) const noexcept {
    if (may_be_equal && !(value < limit) && !(value > limit)) return true;
    return is_upper ? value < limit : value > limit;
}

std::optional<double> parse_duration_ns(std::string_view text) noexcept {
    // The longer unit first where one ends like another.
    constexpr std::array<std::pair<std::string_view, double>, 5> units = {
        {{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
    for (const auto& [unit, ns] : units) {
        if (!text.ends_with(unit)) continue;
        const auto number = parse_number(text.substr(0, text.size() - unit.size()));
        if (!number) return std::nullopt;
        return *number * ns;
    }
    return std::nullopt;
}

threshold parse_threshold(std::string_view given) {
    const std::string text = without_blanks(given);
    threshold made;
    made.text = given;
    const std::size_t sign = text.find_first_of("<>");
    if (sign == std::string::npos) refuse(given, "is not of the form NAME<LIMIT, like p99<5ms");
    made.is_upper = text[sign] == '<';
    made.may_be_equal = sign + 1 < text.size() && text[sign + 1] == '=';
    read_name(std::string_view(text).substr(0, sign), made);
    read_limit(std::string_view(text).substr(sign + (made.may_be_equal ? 2 : 1)), made);
    return made;
}

std::string duration_text(double ns) {
    const char* unit = "s";
    double value = ns / 1e9;
    if (ns < 1e3) {
        unit = "ns";
        value = ns;
    } else if (ns < 1e6) {
        unit = "µs";
        value = ns / 1e3;
    } else if (ns < 1e9) {
        unit = "ms";
        value = ns / 1e6;
    }
    std::array<char, 32> text{};
    const int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
    const int size = std::snprintf(text.data(), text.size(), "%.*f %s", ns < 1e3 ? 0 : decimals, value, unit);
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string ns_text(std::int64_t ns) {
    return duration_text(static_cast<double>(ns));
}

}  // namespace qtable::loadtest
