// One thread of load: its kept-alive connections, each with at most one request in flight, and the requests
// of a workload on them. Open loop: a request is due at an instant that no answer moves; when every
// connection is busy it waits, and its latency counts from when it was due. Closed loop: each connection
// sends its next request when it has its answer. Owner: its thread, from `run` on; `connect` and the readings
// after `run` are for the one who made it. Bounds: a buffer of 256 KB, and per connection what its answers
// need; no system call per request but send and recv.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "loadtest/engine/workload.hpp"
#include "loadtest/measure/arrivals.hpp"
#include "loadtest/measure/recorder.hpp"
#include "loadtest/wire/response_parser.hpp"
#include "loadtest/wire/target.hpp"

namespace qtable::loadtest {

struct driver_options {
    std::uint32_t connections = 64;
    bool is_closed = false;
    double rate = 0;  // of all threads together; open loop only
    arrival_kind arrivals = arrival_kind::poisson;
    std::uint64_t seed = 1;
    unsigned share = 0, shares = 1;  // which thread of how many
    std::int64_t timeout_ns = 0;
    std::int64_t drain_ns = 0;  // how long answers are awaited after the end
};

class driver {
  public:
    driver(const target& to, const driver_options& options, workload& work,
           const std::atomic<bool>& is_stopped);
    ~driver();
    driver(const driver&) = delete;
    driver& operator=(const driver&) = delete;

    // Opens all connections. Throws usage_error.
    void connect();
    // Until the window is over, or `is_stopped`, and what is in flight has been answered or given up.
    void run(const measured_window& window, recorder& to);

    // After `run`.
    std::int64_t cpu_ns() const noexcept { return cpu_ns_; }      // of the thread inside of the window
    std::int64_t ended_ns() const noexcept { return ended_ns_; }  // when it sent its last
    std::uint64_t reconnects() const noexcept { return reconnects_; }
    // Between two looks at its sockets, which are never far apart by themselves.
    std::int64_t longest_pause_ns() const noexcept { return longest_pause_ns_; }

  private:
    enum class state : std::uint8_t { closed, connecting, idle, busy };
    struct connection {
        int fd = -1;
        state now = state::closed;
        bool is_queued = false;  // in `idle_`
        kind which = kind::search;
        response_parser parser;
        std::string unsent;
        std::int64_t due_ns = 0, sent_ns = 0;
        std::int64_t since_ns = 0;  // idle since, or when to connect again
    };

    void watch(std::uint32_t slot);
    void wait(std::int64_t now);
    std::int64_t wake_ns(std::int64_t now) const;
    void handle(std::uint32_t slot, std::uint32_t events);
    void read(std::uint32_t slot, bool is_ended);
    void flush(std::uint32_t slot);

    bool is_behind() const noexcept;
    void send_due(std::int64_t now);
    void dispatch(std::uint32_t slot, std::int64_t due_ns);
    void finish(std::uint32_t slot, outcome_code code, std::int64_t now);
    void release(std::uint32_t slot, std::int64_t now);
    void abandon(outcome_code code, std::int64_t now);
    void drop(std::uint32_t slot, std::int64_t now);
    void tend(std::int64_t now);
    void finish_run();

    const target& target_;
    driver_options options_;
    workload& work_;
    const std::atomic<bool>& is_stopped_;
    recorder* recorder_ = nullptr;
    measured_window window_;

    int epoll_ = -1;
    std::vector<connection> connections_;
    std::deque<std::uint32_t> idle_;  // longest idle first: the load spreads over all connections
    std::vector<char> buffer_;
    arrivals arrivals_;
    std::uint32_t busy_ = 0;
    bool is_sending_ = true;
    std::int64_t tend_at_ns_ = 0;
    std::int64_t cpu_from_ns_ = -1, cpu_ns_ = 0, ended_ns_ = 0;
    std::uint64_t reconnects_ = 0;
    std::int64_t looked_ns_ = 0, longest_pause_ns_ = 0;
};

}  // namespace qtable::loadtest
