// Whether a connection takes statements now. Plain value.
#pragma once

#include <cstdint>

namespace qtable::storage {

enum class pg_state : std::uint8_t { down, up };

}  // namespace qtable::storage
