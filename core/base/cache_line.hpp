// How much memory comes into a core's cache at once: what one core writes and another reads, and what is read
// of thousands of things that nobody has read lately, begins a line of its own.
#pragma once

#include <cstddef>

namespace qtable {

constexpr std::size_t cache_line_bytes = 64;

}  // namespace qtable
