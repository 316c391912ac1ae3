// What a run says on a terminal: aligned tables and the summary after a run. Pure functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "loadtest/report/run_report.hpp"

namespace qtable::loadtest {

// The first column to the left, the others to the right, as wide as what stands in them.
class text_table {
  public:
    explicit text_table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    std::string text() const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

// The table of kinds, delays and facts.
std::string summary_text(const run_report& run);
// A ✓ or ✗ line for each check and threshold, and what held the client back.
std::string verdict_text(const run_report& run);

}  // namespace qtable::loadtest
