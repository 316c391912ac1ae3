#include "core/model/hours.hpp"

#include <algorithm>

#include "core/base/time.hpp"

namespace qtable {

const std::array<std::string_view, 7> weekday_names = {"monday", "tuesday",  "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};

namespace {

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::optional<hours_range> parse_range(std::string_view text) noexcept {
    if (text.size() != 11 || text[5] != '-') return std::nullopt;
    const auto open = parse_time_of_day(text.substr(0, 5));
    const std::string_view close_text = text.substr(6);
    const auto close =
        close_text == "24:00" ? std::optional<int>(minutes_per_day) : parse_time_of_day(close_text);
    if (!open || !close) return std::nullopt;
    const int close_min = *close > *open ? *close : *close + minutes_per_day;
    if (close_min - *open > minutes_per_day) return std::nullopt;
    return hours_range{static_cast<std::int16_t>(*open), static_cast<std::int16_t>(close_min)};
}

}  // namespace

bool weekly_hours::empty() const noexcept {
    return std::all_of(days.begin(), days.end(), [](const day_hours& ranges) { return ranges.empty(); });
}

std::optional<day_hours> parse_day_hours(std::string_view text) {
    day_hours ranges;
    text = trim(text);
    if (text.empty()) return ranges;
    while (true) {
        const std::size_t comma = text.find(',');
        const auto range = parse_range(trim(text.substr(0, comma)));
        if (!range) return std::nullopt;
        ranges.push_back(*range);
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    std::sort(ranges.begin(), ranges.end(),
              [](const hours_range& a, const hours_range& b) { return a.open_min < b.open_min; });
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        if (ranges[i].open_min < ranges[i - 1].close_min) return std::nullopt;
    }
    return ranges;
}

std::string format_day_hours(const day_hours& ranges) {
    std::string text;
    for (const hours_range& range : ranges) {
        if (!text.empty()) text += ',';
        text += time_of_day_to_string(range.open_min);
        text += '-';
        text += range.close_min == minutes_per_day ? "24:00" : time_of_day_to_string(range.close_min);
    }
    return text;
}

}  // namespace qtable
