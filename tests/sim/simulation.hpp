// The deterministic simulation: three cores' engines, as they are in production, over one model database, in
// one thread and from one seed. Each step a client asks for something, time goes on, or something breaks:
// batches are refused, answers lost, the database goes away, a core crashes and starts again from the
// database, another node writes. The witness holds every word against the model after every step. The same
// seed gives the same run, and the same hash.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/clients.hpp"
#include "tests/sim/model_journal.hpp"
#include "tests/sim/random.hpp"
#include "tests/sim/timeline.hpp"
#include "tests/sim/witness.hpp"
#include "tests/unit/core/engine/text_renderer.hpp"

namespace qtable::sim {

struct sim_options {
    std::uint64_t seed = 1;
    int steps = 3000;
    canary bug = canary::none;
};

struct sim_report {
    std::optional<std::string> failure;
    int failed_at_step = 0;
    std::uint64_t hash = 0;
    std::uint64_t commands = 0, accepted = 0, refused = 0, uncertain = 0, events = 0, resyncs = 0,
                  crashes = 0, strangers = 0, batches = 0, conflicts = 0, unknown_outcomes = 0, reloads = 0,
                  seated = 0, holds = 0, late = 0;
};

class simulation {
  public:
    explicit simulation(const sim_options& options);
    ~simulation();
    simulation(const simulation&) = delete;
    simulation& operator=(const simulation&) = delete;

    sim_report run();

  private:
    static constexpr std::uint32_t cores = 3;
    class core_sink;
    struct core {
        std::unique_ptr<model_journal> log;
        std::unique_ptr<core_sink> sink;
        std::unique_ptr<engine> owner;
    };

    static std::uint32_t owner_of(const restaurant_id& id) noexcept {
        return static_cast<std::uint32_t>(id.hash() % cores);
    }
    void start(std::uint32_t index);
    void crash(std::uint32_t index);
    void step();
    void submit_next();
    void lose_database(std::uint32_t index);
    // Another node, or an import, writes to a restaurant, and rings.
    void write_as_stranger();
    void add_stranger_rows(batch& rows, const test::model_database::restaurant_tables& stored);
    void check_all();
    void settle();
    void let_holds_expire(const std::function<void()>& run_out);
    void collect(sim_report& into) const;

    sim_options options_;
    random_source chance_;
    timeline time_;
    fault_rates faults_;
    test::model_database tables_;
    std::set<restaurant_id> unannounced_;
    test::text_renderer render_;
    witness seen_;
    clients crowd_;
    std::array<core, cores> cores_;
    std::vector<restaurant_id> places_;
    int rush_ = 450;  // per mille of the steps that are commands
    std::uint64_t tickets_ = 0;
    std::uint64_t crashes_ = 0, strangers_ = 0;
    std::vector<engine::counters> before_crashes_;
};

}  // namespace qtable::sim
