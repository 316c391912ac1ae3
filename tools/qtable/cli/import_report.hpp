// What an import did, for people: the counts, and what could not be taken with line, value and reason. Pure
// functions.
#pragma once

#include <cstddef>
#include <string>

#include "storage/store/bulk_writer.hpp"
#include "tools/qtable/import/records.hpp"

namespace qtable::tools {

// One line a count.
std::string import_summary(const import_result& from, const storage::bulk_counts& stored);

// "line 12: Café X: opening_hours "sunrise+": not taken: …" without a line end.
std::string problem_line(const import_problem& problem);

// What is worth reading at once: skipped records and unreadable hours, at most `lines_max` of them and how
// many more there are. Fields that were cleaned or left out are counted.
std::string import_problems_digest(const import_result& from, std::size_t lines_max);

// Summary and every problem.
std::string full_import_report(const std::string& file, const import_result& from,
                               const storage::bulk_counts& stored);

}  // namespace qtable::tools
