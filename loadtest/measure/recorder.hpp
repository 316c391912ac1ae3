// What one thread of load measured: totals per kind inside of the measured window, and one interval a second
// for the live line and the report's curves. Owner: its driver thread; `take_intervals` is for any other
// thread. Bounds: a histogram per kind, and the intervals that nobody has taken yet (one a second).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "loadtest/measure/clock.hpp"
#include "loadtest/measure/histogram.hpp"
#include "loadtest/measure/kinds.hpp"

namespace qtable::loadtest {

// On the monotonic clock. Before `from` the target warms up: sent, but not counted.
struct measured_window {
    std::int64_t start_ns = 0;
    std::int64_t from_ns = 0;
    std::int64_t until_ns = 0;
};

struct kind_totals {
    histogram latency;
    histogram refusal;  // the wait for a 429 or 503
    std::uint64_t requests = 0, ok = 0, conflicts = 0, errors = 0;
    std::array<std::uint64_t, outcome_codes> codes{};

    void count(outcome_code code, std::int64_t latency_ns) noexcept;
    void merge(const kind_totals& other);
};

// One second of the run, counted from its start.
struct interval {
    std::int64_t second = 0;
    unsigned tellers = 1;  // threads whose part is in it
    histogram latency;
    std::uint64_t sent = 0, answered = 0, conflicts = 0, errors = 0;

    void merge(const interval& other);
};

// How well the client itself kept up.
struct sending_totals {
    histogram lag;  // from when a request could have been sent to when it was
    std::uint64_t sent = 0;
    std::uint64_t waited = 0;  // all connections were busy when it was due

    void merge(const sending_totals& other);
};

class recorder {
  public:
    // In a closed loop what ended inside of the window counts, in an open one what was due inside of it.
    recorder(const measured_window& window, bool is_closed);

    void sent(std::int64_t due_ns, std::int64_t could_ns, std::int64_t now_ns) noexcept;
    void finished(kind which, outcome_code code, std::int64_t due_ns, std::int64_t done_ns) noexcept;
    // Closes the intervals that are over. Called once in a while, also when nothing happens.
    void pass(std::int64_t now_ns) {
        if (now_ns >= second_ends_ns_) end_seconds(now_ns);
    }
    void end();

    std::vector<interval> take_intervals();

    const std::array<kind_totals, kinds>& totals() const noexcept { return totals_; }
    const sending_totals& sending() const noexcept { return sending_; }
    // Answers of any kind that came inside of the window: what the achieved rate is made of.
    std::uint64_t answered_in_window() const noexcept { return answered_in_window_; }

    // For the live line.
    std::atomic<std::uint32_t> in_flight{0};
    std::atomic<std::uint64_t> backlog{0};

  private:
    void end_seconds(std::int64_t now_ns);
    void hand_over();

    measured_window window_;
    bool is_closed_;
    std::array<kind_totals, kinds> totals_;
    sending_totals sending_;
    std::uint64_t answered_in_window_ = 0;
    interval current_;
    std::int64_t second_ends_ns_;

    std::mutex lock_;
    std::vector<interval> done_;
};

}  // namespace qtable::loadtest
