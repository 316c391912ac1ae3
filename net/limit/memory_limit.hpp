// Whether the process takes more of the machine's memory than it should: from the soft limit on, until it is
// a twentieth below it again. The hard limit beyond is the container's, which ends who crosses it. One core
// tells what is resident, any may ask.
#pragma once

#include <atomic>
#include <cstdint>

namespace qtable::net {

class memory_limit {
  public:
    // 0: no limit.
    explicit memory_limit(std::uint64_t soft_bytes) noexcept : soft_bytes_(soft_bytes) {}

    std::uint64_t soft_bytes() const noexcept { return soft_bytes_; }
    bool is_short() const noexcept { return is_short_.load(std::memory_order_relaxed); }
    // True: this changed it.
    bool measured(std::uint64_t resident_bytes) noexcept {
        if (soft_bytes_ == 0) return false;
        const bool was = is_short();
        const bool is = resident_bytes > (was ? soft_bytes_ - soft_bytes_ / 20 : soft_bytes_);
        is_short_.store(is, std::memory_order_relaxed);
        return is != was;
    }

  private:
    std::uint64_t soft_bytes_;
    std::atomic<bool> is_short_{false};
};

}  // namespace qtable::net
