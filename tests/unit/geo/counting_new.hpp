// This test program's operator new counts its calls.
#pragma once

#include <cstddef>

namespace qtable::geo::testing {

std::size_t counted_allocations() noexcept;

}  // namespace qtable::geo::testing
