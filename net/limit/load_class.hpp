// What is given up under overload, first to last; `always` never is. Plain values.
#pragma once

#include <cstdint>

namespace qtable::net {

enum class load_class : std::uint8_t { list, search, availability, booking, always, count_ };

}  // namespace qtable::net
