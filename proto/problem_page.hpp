// The pages that the `type` of a problem document points at: what a code means, why it comes, what to do.
// HTML made from the table of problem.hpp and one text a code. Pure functions, any core.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.hpp"

namespace qtable::proto {

struct problem_advice {
    std::string_view why;
    std::string_view remedy;
};

// Total: every code but `ok` has both.
problem_advice advice_of(errc code) noexcept;

// The code of that name; `ok` when there is none.
errc find_problem_code(std::string_view wire) noexcept;

void write_problem_page(std::string& out, errc code);
// All of them, by status.
void write_problem_index(std::string& out);

}  // namespace qtable::proto
