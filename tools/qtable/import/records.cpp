#include "tools/qtable/import/records.hpp"

#include <algorithm>

namespace qtable::tools {

std::size_t import_result::count(import_problem_kind kind) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(problems.begin(), problems.end(),
                      [kind](const import_problem& problem) { return problem.kind == kind; }));
}

}  // namespace qtable::tools
