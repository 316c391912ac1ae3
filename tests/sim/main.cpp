// qtable_sim: runs the simulation from one seed or from many, and says what each gave. Exits with 1 at the
// first failure, which names its seed; 2: it was asked for something that there isn't.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "tests/sim/mutants.hpp"
#include "tests/sim/seed_runner.hpp"

namespace {

using namespace qtable::sim;

constexpr const char* usage =
    "usage: qtable_sim [--seed N] [--seeds COUNT] [--ops COUNT] [--jobs COUNT] [--nodes 1|2] "
    "[--trace] [--bug 1-4] [--quiet]\n"
    "  --seed N       the first seed (1)\n"
    "  --seeds COUNT  how many from there on (1)\n"
    "  --ops COUNT    operations of each, at most 20000 (2000); --steps is the same\n"
    "  --jobs COUNT   processes that share the seeds (1)\n"
    "  --nodes 1|2    processes that serve the same restaurants (drawn: two in a quarter of the runs)\n"
    "  --trace        one seed, every event in a line of its own\n"
    "  --bug 1-4      a journal that lies: stores nothing, loses answers, invents commits, loads the past\n"
    "  --quiet        only the sum, and what failed\n";

constexpr int most_ops = 20'000;  // the witness knows two weeks
constexpr unsigned most_jobs = 64;

void print(const seed_outcome& outcome) {
    const sim_report& got = outcome.report;
    std::printf(
        "seed %" PRIu64 " hash %016" PRIx64 " requests %" PRIu64 " accepted %" PRIu64 " refused %" PRIu64
        " uncertain %" PRIu64 " again %" PRIu64 " lost %" PRIu64 " events %" PRIu64 " batches %" PRIu64
        " conflicts %" PRIu64 " unknown %" PRIu64 " reloads %" PRIu64 " crashes %" PRIu64 " drains %" PRIu64
        " restarts %" PRIu64 " strangers %" PRIu64 " days %" PRIu64 " 40001 %" PRIu64 " 23P01 %" PRIu64
        " refusals %" PRIu64 " duplicates %" PRIu64 " ghosts %" PRIu64 " resyncs %" PRIu64 " frames %" PRIu64
        " resumed %" PRIu64 " cut off %" PRIu64 " holds %" PRIu64 " seated %" PRIu64 " late %" PRIu64
        " nodes %" PRIu64 " bells %" PRIu64 " bells lost %" PRIu64 " swept up %" PRIu64 " taken seqs %" PRIu64
        " freezes %" PRIu64 " ahead %" PRIu64 " moved %" PRIu64 "\n",
        outcome.seed, got.hash, got.requests, got.accepted, got.refused, got.uncertain, got.replayed,
        got.lost, got.events, got.batches, got.conflicts, got.unknown_outcomes, got.reloads, got.crashes,
        got.drains, got.restarts, got.strangers, got.days, got.serialization_failures,
        got.exclusion_violations, got.refusals, got.duplicates, got.ghosts, got.resyncs, got.frames,
        got.resumed, got.cut_off, got.holds, got.seated, got.late, got.nodes, got.bells, got.bells_lost,
        got.swept_up, got.taken_seqs, got.freezes, got.ahead, got.moved);
}

struct arguments {
    sim_options options;
    seed_range range;
    bool is_traced = false;
    bool is_quiet = false;
};

bool take_number(arguments& into, std::string_view name, std::uint64_t value) {
    if (name == "--seed") {
        into.range.first = value;
    } else if (name == "--seeds" && value > 0) {
        into.range.count = value;
    } else if ((name == "--ops" || name == "--steps") && value <= most_ops) {
        into.options.ops = static_cast<int>(value);
    } else if (name == "--jobs" && value > 0 && value <= most_jobs) {
        into.range.jobs = static_cast<unsigned>(value);
    } else if (name == "--nodes" && value > 0 && value <= most_nodes) {
        into.options.nodes = static_cast<std::uint32_t>(value);
    } else if (name == "--bug" && value <= static_cast<std::uint64_t>(canary::loads_the_past)) {
        into.options.bug = static_cast<canary>(value);
#ifdef QTABLE_MUTANTS
    } else if (name == "--mutant" && value < static_cast<std::uint64_t>(qtable::mutant::count_)) {
        plant(static_cast<qtable::mutant>(value));
#endif
    } else {
        return false;
    }
    return true;
}

bool read(int argc, char** argv, arguments& into) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--trace" || name == "--quiet") {
            (name == "--trace" ? into.is_traced : into.is_quiet) = true;
            continue;
        }
        char* end = nullptr;
        const char* const text = i + 1 < argc ? argv[i + 1] : "";
        const std::uint64_t value = std::strtoull(text, &end, 10);
        const bool is_number = *text != '\0' && *end == '\0';
        if (!is_number || !take_number(into, name, value)) {
            std::fprintf(stderr, "qtable_sim: %s %s: there is no such thing\n%s", argv[i], text, usage);
            return false;
        }
        ++i;
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--help") == 0) return std::fputs(usage, stdout) < 0;
    }
    arguments wanted;
    if (!read(argc, argv, wanted)) return 2;
    if (wanted.is_traced)
        wanted.options.trace = [](const std::string& line) {
            std::printf("%s\n", line.c_str());
            std::fflush(stdout);  // its process may abort with the next one
        };
    std::uint64_t seeds = 0, requests = 0, sum = 0;
    const auto failed = run_seeds(wanted.options, wanted.range, [&](const seed_outcome& outcome) {
        if (!wanted.is_quiet) print(outcome);
        ++seeds;
        requests += outcome.report.requests;
        sum += outcome.report.hash * (2 * outcome.seed + 1);
    });
    if (failed) {
        std::printf("FAILED: seed %" PRIu64 ", operation %d of %d: %s\n", failed->seed,
                    failed->report.failed_at, wanted.options.ops, failed->report.failure->c_str());
        return 1;
    }
    std::printf("%" PRIu64 " seeds, %" PRIu64 " requests, all well; all hashes together %016" PRIx64 "\n",
                seeds, requests, sum);
    return 0;
}
