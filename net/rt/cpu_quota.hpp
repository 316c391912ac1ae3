// How many cores the process may use: the cgroup's CPU quota (v2, then v1), rounded up, at most what the
// scheduler's affinity mask allows. Called once at start-up.
#pragma once

#include <cstdint>
#include <string>

namespace qtable::net {

std::uint32_t usable_cores();

// The same with the root of the file system as an argument, for tests. 0 = no quota set.
std::uint32_t cgroup_cores(const std::string& root);

}  // namespace qtable::net
