// What the process may use of the machine: the cgroup's CPU quota and memory limit (v2, then v1). Called once
// at start-up.
#pragma once

#include <cstdint>
#include <string>

namespace qtable::net {

// The CPU quota rounded up, at most what the scheduler's affinity mask allows.
std::uint32_t usable_cores();

// The same with the root of the file system as an argument, for tests. 0 = no quota set.
std::uint32_t cgroup_cores(const std::string& root);

// Bytes of memory; 0 = no limit set. `root` as above.
std::uint64_t cgroup_memory_bytes(const std::string& root);

}  // namespace qtable::net
