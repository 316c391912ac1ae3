// The deterministic simulation: the engines of three cores, as they are in production, over one model
// database, in one thread and from one seed; in some runs of two processes that serve the same restaurants.
// Each operation somebody asks for something, something that was
// put off happens, time goes on, or something breaks: what, and how often, is drawn for each seed
// (faults.hpp). The witness holds every word against the model after each. When all operations are done
// nothing breaks any more: then everything has to come to its end, and new requests have to succeed. The same
// seed gives the same run, and the same hash.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/clients.hpp"
#include "tests/sim/model_journal.hpp"
#include "tests/sim/process.hpp"
#include "tests/sim/sockets.hpp"
#include "tests/sim/trace.hpp"
#include "tests/unit/core/engine/text_renderer.hpp"

namespace qtable::sim {

struct sim_options {
    std::uint64_t seed = 1;
    int ops = 2000;
    canary bug = canary::none;
    std::uint32_t nodes = 0;  // 0: drawn for each seed
    trace_lines trace = {};
};

// What a run counted. Plain: it goes through a pipe.
struct sim_counts {
    int failed_at = 0;  // the operation; `ops` and later: the end
    std::uint64_t hash = 0;
    std::uint64_t requests = 0, accepted = 0, refused = 0, uncertain = 0, replayed = 0, lost = 0;
    std::uint64_t events = 0, resyncs = 0, holds = 0, seated = 0, late = 0;
    std::uint64_t batches = 0, conflicts = 0, unknown_outcomes = 0, reloads = 0;
    std::uint64_t crashes = 0, drains = 0, restarts = 0, strangers = 0, days = 0;
    std::uint64_t serialization_failures = 0, exclusion_violations = 0, refusals = 0, duplicates = 0,
                  ghosts = 0;
    std::uint64_t frames = 0, resumed = 0, cut_off = 0;
    std::uint64_t nodes = 0, bells = 0, bells_lost = 0, swept_up = 0, taken_seqs = 0, freezes = 0, ahead = 0,
                  moved = 0;
};

struct sim_report : sim_counts {
    std::optional<std::string> failure;
};

class simulation {
  public:
    explicit simulation(const sim_options& options);
    ~simulation();
    simulation(const simulation&) = delete;
    simulation& operator=(const simulation&) = delete;

    sim_report run();

  private:
    bool has_nodes() const noexcept { return processes_.size() > 1; }
    // Of those that run; without a draw where there is one.
    template <class Fits>
    std::optional<std::uint32_t> any_node(Fits&& fits);
    std::optional<std::uint32_t> any_running() {
        return any_node([](const process&) { return true; });
    }
    template <class Visit>
    void for_each_process(Visit&& visit) const {
        for (const auto& each : processes_) {
            if (each) visit(*each);
        }
    }

    // ---- processes
    void start(std::uint32_t node);
    void start_later(std::uint32_t node, std::int64_t delay_ms);
    void end(std::uint32_t node);
    void crash();
    void drain();
    void freeze();

    // ---- an operation
    void step();
    bool break_something();
    void ask_next();
    void ask(std::uint32_t node, command_envelope&& what);
    void restart_database();
    void fill_disk();
    // Another node, or an import, writes to a restaurant, and rings.
    void write_as_stranger();
    void ring_for_stranger(const restaurant_id& where, const batch& rows);
    void add_stranger_rows(batch& rows, const test::model_database::restaurant_tables& stored);
    void let_time_pass(std::int64_t ms);
    void second();
    void check_all();

    // ---- the end (simulation_end.cpp)
    void finish();
    void run_out();
    void wake_and_start_all();
    void come_to_rest();
    // Every node finds what others wrote.
    void follow();
    void let_holds_expire();
    void check_equal(bool but_unannounced);
    void ask_again_what_is_open();
    void ask_everyone_for_more(std::uint32_t node);
    void ask_for_more(std::uint32_t node, const restaurant_id& id);
    void read_all_sockets();
    void collect(sim_report& into) const;

    sim_options options_;
    random_source chance_;
    timeline time_;
    trace tell_;
    fault_rates faults_;
    test::model_database tables_;
    test::text_renderer render_;
    witness seen_;
    model_server server_;
    clients crowd_;
    sockets sockets_;
    std::vector<std::unique_ptr<process>> processes_;  // by node; null: it is down
    std::vector<restaurant_id> places_;
    int rush_ = 450;  // per mille of the operations that are requests
    std::uint64_t crashes_ = 0, drains_ = 0, strangers_ = 0, days_ = 0, freezes_ = 0;
    engine::counters before_;  // of processes that are gone
};

template <class Fits>
std::optional<std::uint32_t> simulation::any_node(Fits&& fits) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t node = 0; node < processes_.size(); ++node) {
        if (processes_[node] && fits(std::as_const(*processes_[node]))) found.push_back(node);
    }
    if (found.empty()) return std::nullopt;
    return found.size() == 1 ? found.front() : found[chance_.below(static_cast<std::uint32_t>(found.size()))];
}

}  // namespace qtable::sim
