// Runs seeds in child processes, so that an assertion that aborts is one more way to fail, and so that all
// cores have something to do. Seeds are shared out in turn; what each gave comes back over a pipe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "tests/sim/simulation.hpp"

namespace qtable::sim {

struct seed_range {
    std::uint64_t first = 1;
    std::uint64_t count = 1;
    unsigned jobs = 1;
    bool is_quiet = false;  // nothing of what children say on their standard error
};

struct seed_outcome {
    std::uint64_t seed = 0;
    sim_report report;  // `failure` also when its process died
};

// `visit` sees each outcome as it comes. Stops at the first failure, which it gives back; none: all were
// well.
std::optional<seed_outcome> run_seeds(const sim_options& options, const seed_range& range,
                                      const std::function<void(const seed_outcome&)>& visit);

}  // namespace qtable::sim
