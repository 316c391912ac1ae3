// Reads restaurants from CSV as RFC 4180 has it: commas, double quotes, a header row. The columns, in any
// order: name, latitude, longitude (these three must be there), description, cuisine_type, price_range,
// phone, website, address, timezone, source_ref, hours_monday … hours_sunday ("09:00-22:00", several with
// commas, empty = closed). An unknown column or a broken quote is a failure; a row that makes no restaurant
// is a problem with its line. Without any hours in a row the hours count as not stated. Pure function of the
// text; any thread.
#pragma once

#include <string_view>

#include "tools/qtable/import/records.hpp"

namespace qtable::tools {

import_result read_csv(std::string_view text, const import_options& options);

}  // namespace qtable::tools
