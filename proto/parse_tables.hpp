// Bodies about the floor plan: tables, one or many, and combinations. Pure functions of body, scratch and the
// configuration that the body is read against; any core.
// Bounds: at most `limits::tables_per_restaurant` tables come of one body.
#pragma once

#include <string_view>
#include <vector>

#include "core/engine/command.hpp"
#include "core/model/restaurant.hpp"
#include "proto/json_document.hpp"

namespace qtable::proto {

// {label, capacity, min_party?, section?, x?, y?, shape?, status?}; `status` may be all but occupied: seating
// does that.
parsed<table> parse_table(std::string_view body, json_scratch& scratch);
parsed<change_table> parse_table_change(std::string_view body, json_scratch& scratch);

// {"tables": [{id?, label, capacity, min_party?, section?, x?, y?, shape?}, …]}. A table that is known, by
// its id or by its label, begins as it is: what isn't said of it stays. New ones have a nil id.
parsed<std::vector<table>> parse_table_list(std::string_view body, json_scratch& scratch,
                                            const restaurant& now);

// {label, table_ids, capacity?, min_party?}: without `capacity` the seats of its tables (0 says that).
parsed<table_combination> parse_combination(std::string_view body, json_scratch& scratch,
                                            const restaurant& now);
// {label?, table_ids?, capacity?, min_party?}: `from` with what is said changed.
parsed<table_combination> parse_combination_change(std::string_view body, json_scratch& scratch,
                                                   const restaurant& now, const table_combination& from);

}  // namespace qtable::proto
