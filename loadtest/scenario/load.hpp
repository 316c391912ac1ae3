// The load of one run and everything that goes on beside it: threads of requests, the farm of sockets, the
// operator's command. Main thread; what it measured is read after `run`.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "loadtest/engine/fleet.hpp"
#include "loadtest/engine/live.hpp"
#include "loadtest/engine/outside_command.hpp"
#include "loadtest/engine/socket_farm.hpp"
#include "loadtest/report/run_report.hpp"
#include "loadtest/scenario/mix_workload.hpp"
#include "loadtest/scenario/run_options.hpp"
#include "loadtest/scenario/world.hpp"

namespace qtable::loadtest {

class load {
  public:
    load(const target& to, const world& in, const run_options& options);

    void run(live_line& live);

    // ---- after `run`
    const fleet& requests() const noexcept { return *fleet_; }
    const socket_farm* sockets() const noexcept { return farm_.get(); }
    const std::vector<second_report>& seconds() const noexcept { return seconds_; }
    const std::vector<std::string>& notes() const noexcept { return notes_; }
    const measured_window& window() const noexcept { return window_; }
    std::vector<const booking_log*> logs() const;
    blip_watch outage() const;

  private:
    void open_sockets();
    void watch(live_line& live);
    void take_seconds(live_line& live, bool is_last);
    void pass_blip(live_line& live);
    bool was_interrupted();

    const target& target_;
    const world& world_;
    const run_options& options_;
    std::atomic<bool> is_stopped_{false};
    std::vector<std::unique_ptr<mix_workload>> workloads_;
    std::unique_ptr<fleet> fleet_;
    std::unique_ptr<socket_farm> farm_;
    outside_command blip_;
    bool is_blip_due_ = false;
    measured_window window_;
    std::map<std::int64_t, interval> open_seconds_;
    std::vector<second_report> seconds_;
    std::vector<std::string> notes_;
};

}  // namespace qtable::loadtest
