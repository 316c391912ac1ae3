// What the process takes of the machine's memory. Any thread; reads a file of the kernel's, some 10 µs.
#pragma once

#include <cstdint>

namespace qtable::net {

// Bytes; 0 where the kernel doesn't say.
std::uint64_t resident_bytes() noexcept;

}  // namespace qtable::net
