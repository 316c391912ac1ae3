// What an import brings, whatever it was read from: restaurants with hours and a floor, and what could not be
// taken, each with its line. Plain values without ids: whoever stores them finds a restaurant again by
// `source_ref`, so that a second run of the same import changes what is there instead of adding it twice. Any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/model/hours.hpp"

namespace qtable::tools {

struct import_table {
    std::string label;
    int capacity = 0;
    int min_party = 1;
    std::string section;
    double x = 0;  // the table's centre on a plan of 100 × 100
    double y = 0;
    std::string shape;  // "round", "square", "rectangle" or "bar"
    friend bool operator==(const import_table&, const import_table&) = default;
};

struct import_combination {
    std::string label;
    std::vector<int> table_indexes;  // into the restaurant's `tables`
    int capacity = 0;
    int min_party = 1;
    friend bool operator==(const import_combination&, const import_combination&) = default;
};

struct import_restaurant {
    // Stable from run to run: "osm:node/123", "fvst:114128", "demo:7:12", or a hash of name and position.
    std::string source_ref;
    std::string name;
    std::string description;
    std::string cuisine_type;  // lower case, several joined by ";"
    std::string price_range;   // "" (not said), "$" … "$$$$"
    double latitude = 0;
    double longitude = 0;
    std::string phone;
    std::string website;
    std::string address;
    std::string timezone;  // IANA
    weekly_hours hours;
    bool has_hours = false;  // false: not stated, or not readable; `hours` is then empty
    std::string hours_note;  // what the source says beside the hours, in its own words
    std::vector<import_table> tables;
    std::vector<import_combination> combinations;
    std::size_t line = 0;  // in the source, from 1; 0 = made here
};

enum class import_problem_kind {
    skipped,           // the restaurant is not imported
    unreadable_hours,  // imported without hours
    field_dropped,     // imported without that field
    field_changed      // imported with that field cleaned or cut
};

struct import_problem {
    import_problem_kind kind = import_problem_kind::skipped;
    std::size_t line = 0;
    std::string name;   // of the restaurant, as far as it is known
    std::string field;  // in the source's words; empty where the whole record is meant
    std::string value;  // as it stood there, cut to a readable length
    std::string what;
};

// The source as a whole can't be read.
struct import_failure {
    std::size_t line = 0;
    std::size_t offset = 0;  // in bytes from the beginning
    std::string what;
};

// With a failure the rest is empty: an import takes all of a source or nothing.
struct import_result {
    std::optional<import_failure> failure;
    std::size_t read = 0;  // records in the source: imported and skipped ones
    std::vector<import_restaurant> restaurants;
    std::vector<import_problem> problems;  // by line

    std::size_t count(import_problem_kind kind) const noexcept;
};

// What a reader can't find in its source.
struct import_options {
    std::string timezone;  // of restaurants that don't say theirs
};

}  // namespace qtable::tools
