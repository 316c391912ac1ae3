// Counters of the application on one core; written by that core, read by any (net/rt/metrics.hpp).
#pragma once

#include <array>
#include <cstddef>

#include "net/api/load_class.hpp"
#include "net/rt/metrics.hpp"

namespace qtable::net {

struct app_metrics {
    static constexpr std::size_t max_routes = 160;
    std::array<counter, max_routes> requests_by_route;                       // in the order of routes()
    std::array<counter, static_cast<std::size_t>(load_class::count_)> shed;  // refused under overload
    counter searches, availability_answers, login_failures, rate_limited, replays;
    counter reservations_created, reservations_refused, reservations_changed, reservations_cancelled;
    // Copied from the engine every second.
    counter commands, refused, batches, batched_commands, conflicts, unknown_outcomes, unavailable, reloads;
    counter restaurants, waiting_commands, sockets, is_database_up;
    counter allocated_bytes;  // by this core's thread, likewise once a second
};

}  // namespace qtable::net
