// Bodies about restaurants and tables. Pure functions of body and scratch, any core.
// Whether a time zone exists is the caller's to check: here it is only a text of the right form.
#pragma once

#include <string_view>

#include "core/engine/command.hpp"
#include "core/model/restaurant.hpp"
#include "proto/json_document.hpp"

namespace qtable::proto {

// The profile's members; `name` is required, `timezone` is UTC when it isn't said. Others are as in a profile
// of nothing.
parsed<restaurant_profile> parse_restaurant(std::string_view body, json_scratch& scratch);
// PATCH: `now` with the members of the body changed; null clears what can be empty.
parsed<restaurant_profile> parse_restaurant_change(std::string_view body, json_scratch& scratch,
                                                   const restaurant_profile& now);

// {label, capacity, min_party?, section?, x?, y?, shape?, status?}; `status` may be all but occupied: seating
// does that.
parsed<table> parse_table(std::string_view body, json_scratch& scratch);
parsed<change_table> parse_table_change(std::string_view body, json_scratch& scratch);

}  // namespace qtable::proto
