// Counters of the application on one core; written by that core, read by any (net/rt/metrics.hpp).
#pragma once

#include <array>
#include <cstddef>

#include "core/engine/batch.hpp"
#include "net/limit/load_class.hpp"
#include "net/rt/metrics.hpp"

namespace qtable::net {

struct app_metrics {
    static constexpr std::size_t max_routes = 160;
    static constexpr std::size_t status_classes = 6;  // by status / 100
    struct of_route {
        std::array<counter, status_classes> answers;
        duration_counts took;  // from the begin of the turn that got it
    };
    std::array<of_route, max_routes> by_route;                               // in the order of routes()
    counter in_flight;                                                       // deferred and not answered yet
    std::array<counter, static_cast<std::size_t>(load_class::count_)> shed;  // refused under overload
    counter searches, availability_answers, login_failures, rate_limited, replays;
    // Where the time of a customer's new reservation goes; of those that are answered.
    struct of_booking {
        duration_counts queue, decide, commit, answer;
    } booking;
    counter reservations_created, reservations_refused, reservations_changed, reservations_cancelled;
    // Copied from the engine every second.
    counter commands, refused, batches, batched_commands, unknown_outcomes, unavailable, reloads, followed,
        parted, given_up;
    std::array<counter, conflict_kinds> conflicts_of;
    counter restaurants, waiting_commands, sockets, is_database_up;
    counter persist_us, persisted;
    counter allocated_bytes, cpu_us;  // by this core's thread, likewise once a second
    counter loop_wait_us;             // what the last probe waited for its turn
};

}  // namespace qtable::net
