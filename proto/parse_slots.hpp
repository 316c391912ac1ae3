// Bodies about published slots. Pure functions of body and scratch, any core.
// Bounds: at most `limits::slots_per_request` slots come of one body, however few bytes its rule has.
#pragma once

#include <string_view>
#include <vector>

#include "core/engine/command.hpp"
#include "proto/json_document.hpp"

namespace qtable::proto {

// One slot {date, time_slot, party_size, available_tables, is_available?}; or {"slots": [such, …]}; or a rule
// {dates | date_from, date_to, weekdays?; times | time_slots; party_sizes; available_tables; is_available?},
// expanded. Without ids. No (date, time, party size) comes twice.
parsed<std::vector<slot>> parse_slots(std::string_view body, json_scratch& scratch);
// {available_tables?, is_available?}
parsed<change_slot> parse_slot_change(std::string_view body, json_scratch& scratch);

}  // namespace qtable::proto
