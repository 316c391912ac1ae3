// What breaks in one run, and how often. Drawn anew for each seed: most kinds of fault are off in most runs,
// so that each is also seen alone, and some runs see none. Plain values.
#pragma once

#include "tests/sim/random.hpp"

namespace qtable::sim {

struct fault_rates {  // per mille of what they strike
    // Answers of the database.
    int slow = 0, disk_full = 0, exclusion_violation = 0, serialization_failure = 0, shut_down = 0,
        unknown = 0, duplicate = 0, load_error = 0, probe_fails = 0, short_history = 0;
    // Steps.
    int process_crash = 0, drain = 0, connection_lost = 0, database_restart = 0, disk_fills = 0, stranger = 0,
        days_pass = 0, slow_reader = 0, socket_drops = 0;
    // Between nodes.
    int bell_late = 0, bell_lost = 0, sweep_fails = 0, bell_connection_lost = 0, freeze = 0;
};

inline fault_rates draw_faults(random_source& chance) {
    fault_rates made;
    const bool is_calm = chance.chance(60);
    const auto draw = [&](int& rate, int usual) {
        const bool is_on = chance.chance(450);
        const int how_often = chance.between(1, 8);  // from a quarter of what is usual to twice
        if (is_on && !is_calm) rate = (usual * how_often + 3) / 4;
    };
    draw(made.slow, 60);
    draw(made.disk_full, 20);
    draw(made.exclusion_violation, 25);
    draw(made.serialization_failure, 40);
    draw(made.shut_down, 20);
    draw(made.unknown, 40);
    draw(made.duplicate, 60);
    draw(made.load_error, 40);
    draw(made.probe_fails, 200);
    draw(made.short_history, 40);
    draw(made.process_crash, 2);
    draw(made.drain, 2);
    draw(made.connection_lost, 5);
    draw(made.database_restart, 2);
    draw(made.disk_fills, 2);
    draw(made.stranger, 12);
    draw(made.days_pass, 1);
    draw(made.slow_reader, 300);
    draw(made.socket_drops, 10);
    return made;
}

// More of them where several nodes serve the same restaurants.
inline void draw_node_faults(fault_rates& made, random_source& chance) {
    const bool is_calm = chance.chance(60);
    const auto draw = [&](int& rate, int usual) {
        const bool is_on = chance.chance(550);
        const int how_often = chance.between(1, 8);
        if (is_on && !is_calm) rate = (usual * how_often + 3) / 4;
    };
    draw(made.bell_late, 150);
    draw(made.bell_lost, 150);
    draw(made.sweep_fails, 100);
    draw(made.bell_connection_lost, 4);
    draw(made.freeze, 4);
}

}  // namespace qtable::sim
