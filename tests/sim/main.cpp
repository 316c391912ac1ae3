// qtable_sim: runs the simulation from one seed or from many. Says each seed before it runs, so that an abort
// names it. Usage: qtable_sim [--seed N] [--seeds COUNT] [--steps COUNT] [--bug 0-4]. Exits with 1 at the
// first failure.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/sim/simulation.hpp"

int main(int argc, char** argv) {
    using namespace qtable::sim;
    sim_options options;
    std::uint64_t seeds = 1;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::uint64_t value = i + 1 < argc ? std::strtoull(argv[i + 1], nullptr, 10) : 0;
        if (name == "--seed") {
            options.seed = value;
        } else if (name == "--seeds") {
            seeds = value;
        } else if (name == "--steps") {
            options.steps = static_cast<int>(value);
        } else if (name == "--bug") {
            options.bug = static_cast<canary>(value);
        } else {
            std::fprintf(stderr,
                         "unknown: %s\nusage: qtable_sim [--seed N] [--seeds N] [--steps N] [--bug 0-4]\n",
                         argv[i]);
            return 2;
        }
    }
    for (std::uint64_t i = 0; i < seeds; ++i, ++options.seed) {
        std::printf("seed %" PRIu64 " ", options.seed);
        std::fflush(stdout);
        const sim_report report = simulation(options).run();
        std::printf("hash %016" PRIx64 " commands %" PRIu64 " accepted %" PRIu64 " refused %" PRIu64
                    " uncertain %" PRIu64 " events %" PRIu64 " batches %" PRIu64 " conflicts %" PRIu64
                    " unknown %" PRIu64 " reloads %" PRIu64 " crashes %" PRIu64 " strangers %" PRIu64
                    " resyncs %" PRIu64 " holds %" PRIu64 " seated %" PRIu64 " late %" PRIu64 "\n",
                    report.hash, report.commands, report.accepted, report.refused, report.uncertain,
                    report.events, report.batches, report.conflicts, report.unknown_outcomes, report.reloads,
                    report.crashes, report.strangers, report.resyncs, report.holds, report.seated,
                    report.late);
        if (!report.failure) continue;
        std::printf("FAILED at step %d: %s\n", report.failed_at_step, report.failure->c_str());
        return 1;
    }
    return 0;
}
