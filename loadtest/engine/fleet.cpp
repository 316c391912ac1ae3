#include "loadtest/engine/fleet.hpp"

#include <algorithm>

namespace qtable::loadtest {

fleet::fleet(const target& to, const driver_options& options, unsigned threads, const workload_maker& make,
             const std::atomic<bool>& is_stopped)
    : is_closed_(options.is_closed) {
    for (unsigned share = 0; share < threads; ++share) {
        driver_options own = options;
        own.share = share;
        own.shares = threads;
        own.connections = options.connections / threads + (share < options.connections % threads ? 1 : 0);
        drivers_.push_back(std::make_unique<driver>(to, own, make(share, own.connections), is_stopped));
    }
}

fleet::~fleet() {
    join();
}

void fleet::connect() {
    for (const auto& each : drivers_) each->connect();
}

void fleet::start(const measured_window& window) {
    window_ = window;
    running_ = threads();
    for (const auto& each : drivers_) {
        recorders_.push_back(std::make_unique<recorder>(window, is_closed_));
        threads_.emplace_back([this, loads = each.get(), to = recorders_.back().get()] {
            loads->run(window_, *to);
            running_.fetch_sub(1, std::memory_order_release);
        });
    }
}

void fleet::join() {
    for (std::thread& each : threads_) each.join();
    threads_.clear();
}

void fleet::gather(std::map<std::int64_t, interval>& to) {
    for (const auto& each : recorders_) {
        for (const interval& told : each->take_intervals()) {
            const auto [kept, is_new] = to.try_emplace(told.second, told);
            if (!is_new) kept->second.merge(told);
        }
    }
}

std::uint32_t fleet::in_flight() const noexcept {
    std::uint32_t sum = 0;
    for (const auto& each : recorders_) sum += each->in_flight.load(std::memory_order_relaxed);
    return sum;
}

std::uint64_t fleet::backlog() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& each : recorders_) sum += each->backlog.load(std::memory_order_relaxed);
    return sum;
}

std::array<kind_totals, kinds> fleet::totals() const {
    std::array<kind_totals, kinds> sum;
    for (const auto& each : recorders_) {
        for (std::size_t i = 0; i < kinds; ++i) sum[i].merge(each->totals()[i]);
    }
    return sum;
}

sending_totals fleet::sending() const {
    sending_totals sum;
    for (const auto& each : recorders_) sum.merge(each->sending());
    return sum;
}

std::uint64_t fleet::answered_in_window() const {
    std::uint64_t sum = 0;
    for (const auto& each : recorders_) sum += each->answered_in_window();
    return sum;
}

std::uint64_t fleet::reconnects() const {
    std::uint64_t sum = 0;
    for (const auto& each : drivers_) sum += each->reconnects();
    return sum;
}

std::int64_t fleet::ended_ns() const {
    std::int64_t last = window_.from_ns;
    for (const auto& each : drivers_) last = std::max(last, each->ended_ns());
    return last;
}

std::int64_t fleet::longest_pause_ns() const {
    std::int64_t longest = 0;
    for (const auto& each : drivers_) longest = std::max(longest, each->longest_pause_ns());
    return longest;
}

double fleet::busiest_cpu_share() const {
    double most = 0;
    for (const auto& each : drivers_) {
        const double window_s = seconds(each->ended_ns() - window_.from_ns);
        if (window_s > 0) most = std::max(most, seconds(each->cpu_ns()) / window_s);
    }
    return most;
}

}  // namespace qtable::loadtest
