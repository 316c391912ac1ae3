// The deterministic simulation: the engines of three cores, as they are in production, over one model
// database, in one thread and from one seed. Each operation somebody asks for something, something that was
// put off happens, time goes on, or something breaks: what, and how often, is drawn for each seed
// (faults.hpp). The witness holds every word against the model after each. When all operations are done
// nothing breaks any more: then everything has to come to its end, and new requests have to succeed. The same
// seed gives the same run, and the same hash.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/clients.hpp"
#include "tests/sim/front.hpp"
#include "tests/sim/model_journal.hpp"
#include "tests/sim/sockets.hpp"
#include "tests/sim/trace.hpp"
#include "tests/unit/core/engine/text_renderer.hpp"

namespace qtable::sim {

struct sim_options {
    std::uint64_t seed = 1;
    int ops = 2000;
    canary bug = canary::none;
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
    class core_sink;
    struct core {
        std::unique_ptr<model_journal> log;
        std::unique_ptr<core_sink> sink;
        std::unique_ptr<engine> owner;
    };

    engine& owner_of_place(const restaurant_id& id) { return *cores_[owner_of(id)].owner; }

    // ---- the process
    void start();
    void end();
    void crash();
    void drain();
    void stop_when_idle(instant since);

    // ---- an operation
    void step();
    bool break_something();
    void ask_next();
    void ask(command_envelope&& what);
    void restart_database();
    void fill_disk();
    // Another node, or an import, writes to a restaurant, and rings.
    void write_as_stranger();
    void add_stranger_rows(batch& rows, const test::model_database::restaurant_tables& stored);
    void let_time_pass(std::int64_t ms);
    void second();
    void check_all();

    // ---- the end (simulation_end.cpp)
    void finish();
    void run_out();
    void come_to_rest();
    void let_holds_expire();
    void check_equal(bool but_unannounced);
    void ask_again_what_is_open();
    void ask_everyone_for_more();
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
    std::array<core, cores> cores_;
    std::unique_ptr<front> front_;
    sockets sockets_;
    std::vector<restaurant_id> places_;
    int rush_ = 450;             // per mille of the operations that are requests
    std::uint64_t process_ = 0;  // how many were started
    std::uint64_t crashes_ = 0, drains_ = 0, strangers_ = 0, days_ = 0;
    engine::counters before_;  // of processes that are gone
};

}  // namespace qtable::sim
