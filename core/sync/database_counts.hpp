// What one connection to the database did. One writer, the core that has it; read by any
// (core/sync/counter.hpp).
#pragma once

#include "core/sync/counter.hpp"
#include "core/sync/duration_counts.hpp"

namespace qtable {

struct database_counts {
    counter queries;       // statements that were handed to it
    counter failures;      // units of them that took no effect, or of which that isn't known
    counter sessions;      // that came up: the first, and one for each reconnect
    duration_counts took;  // a unit, from when it was handed over to its answer
};

}  // namespace qtable
