// One run from beginning to end: sets up, loads, looks up, reports. Main thread; SIGINT and SIGTERM end the
// load early and the report tells of what there was.
#pragma once

#include "loadtest/engine/live.hpp"
#include "loadtest/report/run_report.hpp"
#include "loadtest/scenario/run_options.hpp"

namespace qtable::loadtest {

run_report run_scenario(const run_options& options, live_line& live);

// How each threshold fared.
void judge(const std::vector<threshold>& thresholds, run_report& report);

}  // namespace qtable::loadtest
