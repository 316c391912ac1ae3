#include "tools/qtable/import/source_file.hpp"

#include <fstream>
#include <string_view>

#include "tools/qtable/import/csv_reader.hpp"
#include "tools/qtable/import/geojson_reader.hpp"

namespace qtable::tools {

namespace {

constexpr std::size_t chunk_bytes = 1024 * 1024;

// Empty when all went well.
std::string read_whole(const std::string& path, std::string& text) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return "can't open " + path;
    std::string chunk(chunk_bytes, '\0');
    while (file) {
        file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        text.append(chunk, 0, static_cast<std::size_t>(file.gcount()));
        if (text.size() > max_import_bytes) return path + " is larger than 256 MiB";
    }
    return file.bad() || !file.eof() ? "can't read " + path : std::string();
}

import_result failed(std::string what) {
    import_result result;
    result.failure = import_failure{0, 0, std::move(what)};
    return result;
}

}  // namespace

import_result read_source_file(const std::string& path, const import_options& options) {
    const std::string_view name = path;
    const bool csv = name.ends_with(".csv");
    if (!csv && !name.ends_with(".geojson") && !name.ends_with(".json")) {
        return failed(path + ": its name ends in none of .geojson, .json, .csv");
    }
    std::string text;
    std::string problem = read_whole(path, text);
    if (!problem.empty()) return failed(std::move(problem));
    return csv ? read_csv(text, options) : read_geojson(text, options);
}

}  // namespace qtable::tools
