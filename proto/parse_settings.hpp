// Bodies about what managers configure besides the profile and the tables. Pure functions of body and
// scratch, any core.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/engine/command.hpp"
#include "proto/json_document.hpp"

namespace qtable::proto {

// {slot_interval_minutes?, turn_times?, …, version?}: `rules` is what was with the members of the body
// changed. Every bound is checked, and how the rules go together.
struct rules_change {
    booking_rules rules;
    std::optional<std::int64_t> version;  // that of what was read, as If-Match
};
parsed<rules_change> parse_rules_change(std::string_view body, json_scratch& scratch,
                                        const booking_rules& now);

// {date, hours, note?}
parsed<special_day> parse_special_day(std::string_view body, json_scratch& scratch);
// The same under a date that the path names: {hours, note?, date?}, and `date` must be that one.
parsed<special_day> parse_special_day_of(std::string_view body, json_scratch& scratch, date day);

// {until?} or {minutes?}: when bookings open again; of neither a day from now.
parsed<pause_bookings> parse_pause(std::string_view body, json_scratch& scratch, instant now);

}  // namespace qtable::proto
