// This test program's operator new counts its calls.
#pragma once

#include <cstddef>

namespace qtable::net {

std::size_t allocation_count() noexcept;

}  // namespace qtable::net
