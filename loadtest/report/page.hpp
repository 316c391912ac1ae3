// The pages: one run, or two beside each other. A whole HTML document with its style and its drawings inside;
// it asks nobody for anything. Pure functions, any thread.
#pragma once

#include <string>

#include "loadtest/report/run_report.hpp"

namespace qtable::loadtest {

std::string run_page(const run_report& run);
std::string compare_page(const run_report& a, const run_report& b, const std::string& a_name,
                         const std::string& b_name);

// ---- what both are made of

struct page_parts {
    std::string title;
    std::string head;  // below the title
    std::string body;
};
std::string whole_page(const page_parts& parts);

// The value of a histogram by percentile, for a chart with a percentile axis.
std::vector<std::pair<double, double>> percentile_curve(const histogram& from);
std::string count_text(double value);    // "12,345"
std::string percent_text(double value);  // "0.12 %"

}  // namespace qtable::loadtest
