// An import's file: read whole, then by the reader that its name asks for. Any thread; blocks on the disk.
// Bounds: `max_import_bytes`; larger files are refused, not cut.
#pragma once

#include <cstddef>
#include <string>

#include "tools/qtable/import/records.hpp"

namespace qtable::tools {

constexpr std::size_t max_import_bytes = 256 * 1024 * 1024;

// .geojson and .json are GeoJSON, .csv is CSV; another ending, and a file that can't be read, is a failure
// with line 0.
import_result read_source_file(const std::string& path, const import_options& options);

}  // namespace qtable::tools
