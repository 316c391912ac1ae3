// A counter with one writer, its core; any core may read it (for /metrics) and add it to others. A relaxed
// atomic without a locked instruction, because nobody else writes it.
#pragma once

#include <atomic>
#include <cstdint>

namespace qtable {

class counter {
  public:
    void add(std::uint64_t more = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }
    void subtract(std::uint64_t less = 1) noexcept { add(~less + 1); }
    void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_{0};
};

}  // namespace qtable
