// What one process has put off: it waits while the process is frozen, as behind a SIGSTOP, and never happens
// once the process is gone. What a server does for it on its own goes on meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "tests/sim/timeline.hpp"

namespace qtable::sim {

class process_turns {
  public:
    explicit process_turns(timeline& time) : time_(time) {}
    ~process_turns() { now_->is_gone = true; }
    process_turns(const process_turns&) = delete;
    process_turns& operator=(const process_turns&) = delete;

    void after(std::int64_t delay_ms, std::function<void()> what) {
        time_.after(delay_ms, [now = now_, what = std::move(what)]() mutable { run(*now, std::move(what)); });
    }
    // At once, unless it is frozen.
    void soon(std::function<void()> what) { run(*now_, std::move(what)); }
    void freeze() noexcept { now_->is_frozen = true; }
    // What came meanwhile comes now, in order.
    void wake() {
        now_->is_frozen = false;
        for (std::function<void()>& each : std::exchange(now_->held, {})) after(0, std::move(each));
    }
    bool is_frozen() const noexcept { return now_->is_frozen; }

  private:
    struct state {
        bool is_gone = false, is_frozen = false;
        std::vector<std::function<void()>> held;
    };
    static void run(state& now, std::function<void()>&& what) {
        if (now.is_gone) return;
        if (now.is_frozen) return now.held.push_back(std::move(what));
        what();
    }

    timeline& time_;
    std::shared_ptr<state> now_ = std::make_shared<state>();
};

}  // namespace qtable::sim
