#include "net/http/query_values.hpp"

#include <charconv>
#include <cmath>

#include "proto/text_rules.hpp"

namespace qtable::net {

std::optional<double> parse_number(std::string_view text) noexcept {
    // from_chars would take "inf", "nan" and a missing digit on either side of the point.
    if (text.empty() || text.size() > 40) return std::nullopt;
    const std::size_t first = text.front() == '-' ? 1 : 0;
    if (first == text.size() || text[first] < '0' || text[first] > '9' || text.back() == '.')
        return std::nullopt;
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

query_values::query_values(std::string_view raw_query) : texts_(raw_query) {
    while (texts_.next()) {
        if (texts_.is_too_long()) {
            error(texts_.name().substr(0, 40), "is too long");
        } else if (find(texts_.name()) != nullptr) {
            error(texts_.name(), "stands there twice");
        } else if (parameters_.size() == max_parameters) {
            error(texts_.name(), "is one parameter too many");
            break;
        } else {
            parameters_.push_back({texts_.name(), texts_.value()});
        }
    }
}

query_values::parameter* query_values::find(std::string_view name) noexcept {
    for (parameter& each : parameters_) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

std::optional<std::string_view> query_values::take(std::string_view name) {
    parameter* const found = find(name);
    if (found == nullptr) return std::nullopt;
    found->is_used = true;
    return found->value;
}

std::optional<std::string_view> query_values::text(std::string_view name, std::size_t max_chars) {
    const auto given = take(name);
    if (!given) return std::nullopt;
    const std::string wrong = proto::text_error(*given, {1, max_chars, nullptr, {}});
    if (wrong.empty()) return given;
    error(name, wrong);
    return std::nullopt;
}

std::optional<double> query_values::number(std::string_view name, double min, double max) {
    const auto given = take(name);
    if (!given) return std::nullopt;
    const auto value = parse_number(*given);
    if (value && *value >= min && *value <= max) return value;
    error(name, value ? "is out of range" : "is not a decimal number");
    return std::nullopt;
}

std::optional<std::int64_t> query_values::integer(std::string_view name, std::int64_t min, std::int64_t max) {
    const auto given = take(name);
    if (!given) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(given->data(), given->data() + given->size(), value);
    if (failed == std::errc{} && end == given->data() + given->size() && value >= min && value <= max)
        return value;
    error(name, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
}

std::optional<date> query_values::calendar_date(std::string_view name) {
    const auto given = take(name);
    if (!given) return std::nullopt;
    const auto value = parse_date(*given);
    if (!value) error(name, "must be a date, YYYY-MM-DD");
    return value;
}

std::optional<int> query_values::time_of_day(std::string_view name) {
    const auto given = take(name);
    if (!given) return std::nullopt;
    const auto value = parse_time_of_day(*given);
    if (!value) error(name, "must be a time, HH:MM");
    return value;
}

std::optional<instant> query_values::moment(std::string_view name) {
    const auto given = take(name);
    if (!given) return std::nullopt;
    const auto value = parse_rfc3339(*given);
    if (!value) error(name, "must be an RFC 3339 date-time with offset");
    return value;
}

void query_values::require(std::string_view name) {
    if (!has(name)) error(name, "is required");
}

const proto::input_errors& query_values::complete() {
    for (const parameter& each : parameters_) {
        if (!each.is_used) error(each.name, "is no parameter of this route");
    }
    return errors_;
}

}  // namespace qtable::net
