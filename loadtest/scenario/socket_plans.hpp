// Which sockets a scenario opens, and what happens to them when. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "loadtest/engine/socket_farm.hpp"
#include "loadtest/scenario/run_options.hpp"
#include "loadtest/scenario/world.hpp"

namespace qtable::loadtest {

std::vector<socket_plan> plan_sockets(const world& in, const run_options& options);
std::vector<farm_moment> plan_moments(const scenario& what, const measured_window& window);

}  // namespace qtable::loadtest
