// What jemalloc knows of the calling thread, and of the process. Any thread. Without jemalloc (sanitizers)
// there is no meter.
#pragma once

#include <cstdint>
#include <functional>

#include "net/api/app_options.hpp"

namespace qtable::tools {

// How many bytes the calling thread has taken from the heap so far; empty where nobody counts them.
std::function<std::uint64_t()> allocation_meter();
// What the whole process holds; asking takes some 10 µs and locks of the allocator's own.
std::function<net::heap_figures()> heap_meter();
// Gives back what the allocator keeps without need.
std::function<void()> heap_giver();

}  // namespace qtable::tools
