// Simulated time: a clock that stands until the next thing that was put off happens.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "core/engine/ports.hpp"

namespace qtable::sim {

class timeline final : public wall_clock {
  public:
    explicit timeline(instant start) : now_(start) {}

    instant now() const noexcept override { return now_; }
    void after(std::int64_t delay_ms, std::function<void()> what) {
        waiting_.emplace(std::pair(now_.ms + delay_ms, next_++), std::move(what));
    }
    // Time goes by, and what should have happened meanwhile happens late.
    void pass(std::int64_t more_ms) noexcept { now_.ms += more_ms; }
    // False when nothing is left to happen.
    bool run_next() {
        if (waiting_.empty()) return false;
        auto first = waiting_.extract(waiting_.begin());
        now_.ms = std::max(now_.ms, first.key().first);
        first.mapped()();
        return true;
    }

  private:
    instant now_;
    std::uint64_t next_ = 0;  // what was put off to the same time happens in that order
    std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> waiting_;
};

}  // namespace qtable::sim
