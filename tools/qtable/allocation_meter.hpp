// What jemalloc knows of the calling thread. Any thread; no lock. Without jemalloc (sanitizers) there is no
// meter.
#pragma once

#include <cstdint>
#include <functional>

namespace qtable::tools {

// How many bytes the calling thread has taken from the heap so far; empty where nobody counts them.
std::function<std::uint64_t()> allocation_meter();

}  // namespace qtable::tools
