// How often this program has taken memory from the heap so far.
#pragma once

#include <cstddef>

namespace qtable::proto {

std::size_t allocation_count() noexcept;

}  // namespace qtable::proto
