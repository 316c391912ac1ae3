#include "tools/qtable/cli/import_report.hpp"

#include <algorithm>
#include <string_view>

#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

std::string count_line(std::string_view name, std::size_t count) {
    constexpr std::size_t column = 15;
    std::string line(name);
    line += ':';
    line.append(column - std::min(column, line.size()), ' ');
    return line + std::to_string(count) + '\n';
}

std::size_t to_size(std::int64_t count) {
    return static_cast<std::size_t>(count);
}

std::string_view words_of(import_problem_kind kind) {
    switch (kind) {
        case import_problem_kind::skipped:
            return "skipped";
        case import_problem_kind::unreadable_hours:
            return "imported without hours";
        case import_problem_kind::field_dropped:
            return "left out";
        case import_problem_kind::field_changed:
            return "changed";
    }
    return "";
}

}  // namespace

std::string import_summary(const import_result& from, const storage::bulk_counts& stored) {
    const auto without_hours = std::count_if(from.restaurants.begin(), from.restaurants.end(),
                                             [](const import_restaurant& each) { return !each.has_hours; });
    return count_line("read", from.read) + count_line("inserted", to_size(stored.inserted)) +
           count_line("updated", to_size(stored.updated)) +
           count_line("unchanged", to_size(stored.unchanged)) +
           count_line("skipped", from.count(import_problem_kind::skipped)) +
           count_line("without hours", to_size(without_hours));
}

std::string problem_line(const import_problem& problem) {
    std::string line = "line " + std::to_string(problem.line) + ": ";
    if (!problem.name.empty()) line += one_line(problem.name) + ": ";
    if (!problem.field.empty()) {
        line += problem.field + " \"" + one_line(problem.value) + "\": ";
    } else if (!problem.value.empty()) {
        line += '"' + one_line(problem.value) + "\": ";
    }
    line += words_of(problem.kind);
    return line + ": " + one_line(problem.what);
}

std::string import_problems_digest(const import_result& from, std::size_t lines_max) {
    std::string text;
    std::size_t shown = 0, more = 0;
    for (const import_problem& each : from.problems) {
        if (each.kind != import_problem_kind::skipped && each.kind != import_problem_kind::unreadable_hours)
            continue;
        if (shown == lines_max) {
            ++more;
            continue;
        }
        ++shown;
        text += problem_line(each) + '\n';
    }
    if (more > 0) text += "… and " + std::to_string(more) + " more (--report FILE writes all)\n";
    const std::size_t fields =
        from.count(import_problem_kind::field_dropped) + from.count(import_problem_kind::field_changed);
    if (fields > 0)
        text += std::to_string(fields) + " fields were cleaned or left out (--report FILE lists them)\n";
    return text;
}

std::string full_import_report(const std::string& file, const import_result& from,
                               const storage::bulk_counts& stored) {
    std::string text = file + '\n' + import_summary(from, stored);
    for (const import_problem& each : from.problems) text += problem_line(each) + '\n';
    return text;
}

}  // namespace qtable::tools
