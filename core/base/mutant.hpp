// Faults that are planted on purpose, so that tests can show that each would be noticed: one line where each
// would be made. Only a copy of core that is built with QTABLE_MUTANTS (tests/sim) can switch one on; in
// every other build `mutant_on` is false when it is compiled, and nothing of it is left. Any core.
#pragma once

#include <cstdint>

namespace qtable {

enum class mutant : std::uint8_t {
    none,
    acknowledges_before_sync,
    frees_before_commit,  // a cancelled booking's table, at once
    skips_next_day,       // the overlap check ends at midnight
    key_without_actor,    // of the simulation's own front
    publishes_before_commit,
    loses_wake_up,   // what waited for a reload isn't decided after it
    numbers_again,   // a seq is used again after a reload
    closed_ranges,   // a stay takes its last moment, too
    releases_twice,  // a cancelled booking's unit of a slot
    timer_not_cancelled,
    drain_drops_queue,       // of the simulation's own stop
    stale_word,              // a board's row isn't written
    forgets_the_rest,        // what a refused batch had of others isn't sent again
    memory_never_refuses,    // every table is free: the database alone refuses
    appends_without_seq,     // of the simulation's own journal: what a node writes goes to the log's end
    follows_without_taking,  // what another node booked doesn't take its tables in this one's memory
    feeds_by_serial,         // of the simulation's own feed: what was committed is found by a serial number
    count_
};

#ifdef QTABLE_MUTANTS
bool mutant_on(mutant which) noexcept;
#else
constexpr bool mutant_on(mutant /*which*/) noexcept {
    return false;
}
#endif

}  // namespace qtable
