// Two runs beside each other, figure by figure, with the ratio of the second to the first. Pure functions,
// any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loadtest/report/run_report.hpp"

namespace qtable::loadtest {

struct compared {
    std::string name;  // "book p99"
    double a = 0, b = 0;
    enum class unit { duration_ns, per_second, percent } in = unit::duration_ns;
    bool is_less_better = true;

    std::optional<double> ratio() const noexcept;  // none when the first is 0
    std::string a_text() const;
    std::string b_text() const;
    std::string ratio_text() const;
};

std::vector<compared> compare_runs(const run_report& a, const run_report& b);
// What keeps the two from being like with like: other scenario, loop, rate …; empty when nothing does.
std::vector<std::string> differences(const run_report& a, const run_report& b);

// For a terminal.
std::string comparison_text(const run_report& a, const run_report& b, const std::string& a_name,
                            const std::string& b_name);

}  // namespace qtable::loadtest
