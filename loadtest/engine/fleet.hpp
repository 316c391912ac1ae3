// All threads of load of a run: starts them together, gathers what they measured. Main thread; the threads
// are joined before it goes.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "loadtest/engine/driver.hpp"

namespace qtable::loadtest {

class fleet {
  public:
    // `options.connections` are of all threads together. `make` gives thread number so many its workload,
    // which outlives this.
    using workload_maker = std::function<workload&(unsigned share, std::uint32_t slots)>;
    fleet(const target& to, const driver_options& options, unsigned threads, const workload_maker& make,
          const std::atomic<bool>& is_stopped);
    ~fleet();

    void connect();  // throws usage_error
    void start(const measured_window& window);
    bool is_running() const noexcept { return running_.load(std::memory_order_acquire) > 0; }
    void join();

    // What is known of each second so far, over all threads; a second is whole when all threads have told
    // theirs.
    void gather(std::map<std::int64_t, interval>& to);
    std::uint32_t in_flight() const noexcept;
    std::uint64_t backlog() const noexcept;

    // ---- after `join`
    std::array<kind_totals, kinds> totals() const;
    sending_totals sending() const;
    std::uint64_t answered_in_window() const;
    std::uint64_t reconnects() const;
    std::int64_t ended_ns() const;
    std::int64_t longest_pause_ns() const;
    // Of the busiest thread: its CPU time over the window's time.
    double busiest_cpu_share() const;
    unsigned threads() const noexcept { return static_cast<unsigned>(drivers_.size()); }

  private:
    std::vector<std::unique_ptr<driver>> drivers_;
    std::vector<std::unique_ptr<recorder>> recorders_;
    std::vector<std::thread> threads_;
    std::atomic<unsigned> running_{0};
    measured_window window_;
    bool is_closed_;
};

}  // namespace qtable::loadtest
