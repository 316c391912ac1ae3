// How much a core does before it looks at a socket that became ready: under overload that is where requests
// queue. While there is traffic an eventfd of the core's own is made ready now and then, and what the core
// computes until its turn comes is taken, because the kernel hands out ready descriptors in the order in
// which they became so. Computes, not waits: on a machine that others keep busy a socket waits, too, but
// there is no queue whose refusal would help. Owner: its core. Bounds: one probe in `interval_ms`, none while
// nothing is asked.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "net/rt/core_thread.hpp"

namespace qtable::net {

class queue_probe final : private poll_target {
  public:
    static constexpr std::int64_t interval_ms = 10, overdue_ms = 2 * interval_ms;
    static constexpr std::size_t kept = 5;

    // Throws std::runtime_error when there is no descriptor left.
    explicit queue_probe(core_thread& core);
    ~queue_probe() override;

    void start();
    // With each request.
    void touch() noexcept {
        if (!is_out_ && core_.now_ms() >= next_ms_) send();
    }
    // What was computed before every one of the last `kept` probes at least: a queue that stands, not one
    // busy moment. Or before the one that is out, once it is overdue: where the queue grows, the news of it
    // would come too late.
    std::int64_t standing_us() const noexcept {
        return is_overdue() ? core_thread::read_cpu_us() - sent_cpu_us_ : standing_us_;
    }
    // Once for each probe that came back, and every `interval_ms` while one is overdue.
    bool has_news() noexcept;
    // Nothing was asked for a second.
    bool is_quiet() const noexcept;
    // What the last one waited, computing or not.
    std::int64_t last_us() const noexcept { return last_us_; }

  private:
    void on_ready(readiness ready) override;
    void send() noexcept;
    bool is_overdue() const noexcept {
        return is_out_ && sent_ns_ != 0 && core_.now_ms() - sent_ns_ / 1'000'000 > overdue_ms;
    }

    core_thread& core_;
    int descriptor_;
    bool is_out_ = false;
    std::int64_t sent_ns_ = 0, sent_cpu_us_ = 0;
    std::int64_t next_ms_ = 0;
    std::int64_t came_back_ms_ = 0;
    std::array<std::int64_t, kept> computed_us_{};
    std::int64_t last_us_ = 0;
    std::int64_t standing_us_ = 0;  // the least of them
    std::uint64_t measurements_ = 0;
    std::uint64_t told_ = 0;  // of the measurements
    std::int64_t next_news_ms_ = 0;
};

}  // namespace qtable::net
