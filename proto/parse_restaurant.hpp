// Bodies about restaurants. Pure functions of body and scratch, any core.
// Whether a time zone exists is the caller's to check: here it is only a text of the right form.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/model/restaurant.hpp"
#include "proto/json_document.hpp"
#include "proto/text_rules.hpp"

namespace qtable::proto {

// The profile's members; `name` is required, `timezone` is UTC when it isn't said. Others are as in a profile
// of nothing.
parsed<restaurant_profile> parse_restaurant(std::string_view body, json_scratch& scratch);
// PATCH: `now` with the members of the body changed; null clears what can be empty.
parsed<restaurant_profile> parse_restaurant_change(std::string_view body, json_scratch& scratch,
                                                   const restaurant_profile& now);

// PUT or PATCH of the hours alone: {hours_monday? … hours_sunday?, version?}. Days that aren't named stay.
struct hours_change {
    restaurant_profile profile;
    std::optional<std::int64_t> version;  // that of what was read, as If-Match
};
parsed<hours_change> parse_hours_change(std::string_view body, json_scratch& scratch,
                                        const restaurant_profile& now);

// Text rules that other bodies share.
extern const text_rule hours_rule;

}  // namespace qtable::proto
