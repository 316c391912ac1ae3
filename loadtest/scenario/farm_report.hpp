// What the sockets of a run saw, as delays, facts and checks of its report. Main thread, after the run.
#pragma once

#include <vector>

#include "loadtest/engine/socket_farm.hpp"
#include "loadtest/report/run_report.hpp"
#include "loadtest/scenario/booking_log.hpp"
#include "loadtest/scenario/scenario.hpp"

namespace qtable::loadtest {

// Names of delays begin with these words: what thresholds on events look at.
constexpr std::string_view after_201 = "after the 201: ";
constexpr std::string_view after_at = "after the event's time: ";

void add_farm(const farm_totals& saw, const scenario& what, const std::vector<const booking_log*>& logs,
              std::size_t sockets, run_report& to);

}  // namespace qtable::loadtest
