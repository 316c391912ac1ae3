// A plausible floor for a restaurant whose tables nobody has told us (`--tables auto`): 6–24 tables for two
// to eight in sections, side by side on a plan without touching, and one to three pairs of neighbours that
// can be joined. Made from `source_ref` alone, so that the same restaurant gets the same floor on every run
// and machine. Pure function; any thread.
#pragma once

#include "tools/qtable/import/records.hpp"

namespace qtable::tools {

constexpr double plan_size = 100;  // tables lie inside 0 … plan_size both ways
constexpr double table_spacing =
    12;  // between the centres of neighbours; a table is at most 10 wide and 8 deep

// Leaves a restaurant that has tables as it is.
void furnish(import_restaurant& restaurant);

}  // namespace qtable::tools
