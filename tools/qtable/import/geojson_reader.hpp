// Reads a GeoJSON FeatureCollection whose properties are OpenStreetMap tags. Each feature becomes a
// restaurant, or a problem with the line it begins on: the unnamed and those without a position are skipped,
// hours that can't be read and fields that aren't sane are left out and reported. Points count as they are,
// polygons by the centroid of their outer ring. Text that is not JSON (or not UTF-8) is one failure with line
// and offset. Pure function of the text; any thread. Memory: one parsed feature at a time beside text and
// result.
#pragma once

#include <string_view>

#include "tools/qtable/import/records.hpp"

namespace qtable::tools {

import_result read_geojson(std::string_view text, const import_options& options);

}  // namespace qtable::tools
