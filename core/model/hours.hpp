// Opening hours as restaurants state them: for each weekday ranges on the wall clock, possibly past midnight.
// Plain values, any core. The text form is the contract's: "09:00-22:00", several ranges with commas,
// "18:00-02:00" runs into the next day, empty = closed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"

namespace qtable {

// Minutes from the midnight that begins the business day; close_min up to 2880. Half-open.
struct hours_range {
    std::int16_t open_min = 0;
    std::int16_t close_min = 0;
    friend bool operator==(const hours_range&, const hours_range&) = default;
};

using day_hours = std::vector<hours_range>;  // sorted, not overlapping

// Index 0 = Monday … 6 = Sunday.
struct weekly_hours {
    std::array<day_hours, 7> days;
    friend bool operator==(const weekly_hours&, const weekly_hours&) = default;
    bool empty() const noexcept;
};

// A business day with hours of its own: a holiday (empty = closed), a late night.
struct special_day {
    qtable::date date;
    day_hours hours;
    std::string note;
    friend bool operator==(const special_day&, const special_day&) = default;
};

// Monday … Sunday in lower case, as in `hours_monday`.
extern const std::array<std::string_view, 7> weekday_names;

// nullopt when the text is not a list of ranges, when ranges overlap, or when one is longer than 24 hours.
// "00:00-24:00" and "00:00-00:00" are the whole day. Blanks around commas are taken.
std::optional<day_hours> parse_day_hours(std::string_view text);
std::string format_day_hours(const day_hours& ranges);

}  // namespace qtable
