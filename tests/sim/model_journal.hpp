// The journal of one core as the simulation has it: what storage/store/journal.cpp makes of PostgreSQL's
// answers, over the model database, with its delays, refusals (23P01, 40001, 57P01, a full disk), lost and
// repeated answers, sessions that outlive their connection, restarts. Also a liar, when a canary asks for it:
// then the simulation has to notice. Goes with its process; what a server does on its own outlives it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/engine.hpp"
#include "tests/sim/faults.hpp"
#include "tests/sim/process_turns.hpp"
#include "tests/sim/random.hpp"
#include "tests/sim/timeline.hpp"
#include "tests/sim/trace.hpp"
#include "tests/sim/witness.hpp"
#include "tests/unit/core/engine/model_database.hpp"

namespace qtable::sim {

enum class canary : std::uint8_t {
    none,
    acknowledges_unstored,  // says committed, stores nothing
    loses_answers,          // some batches are never answered
    invents_commits,        // a probe says committed of what isn't there
    loads_the_past,         // a restaurant is read as it was some time ago, under its present seq
};

inline std::string node_name(std::uint32_t node) {
    return "node" + std::to_string(node);
}

// A session that listens to what nodes say by NOTIFY.
class notice_listener {
  public:
    virtual ~notice_listener() = default;
    virtual void rung(const std::string& writer, const std::vector<restaurant_id>& restaurants) = 0;
    virtual void is_there(const std::string& node) = 0;
};

// The server behind all journals.
struct model_server {
    timeline& time;
    random_source& chance;
    test::model_database& tables;
    const fault_rates& faults;
    witness& seen;
    const trace& tell;
    canary bug = canary::none;
    bool is_up = true;
    bool is_full = false;     // writes fail, reads don't
    std::uint64_t start = 0;  // what was under way at a restart is gone
    // Restaurants to which a session wrote that no engine waits for any more.
    std::set<restaurant_id> unannounced = {};
    std::uint64_t serialization_failures = 0, exclusion_violations = 0, refusals = 0, duplicates = 0,
                  ghosts = 0, restarts = 0;
    // Between nodes.
    std::vector<notice_listener*> listeners = {};
    std::uint64_t bells = 0, bells_lost = 0, swept_up = 0, taken_seqs = 0;
    // Only for planted faults: what was written got such a number, and what was committed stands here.
    std::uint64_t last_serial = 0;
    std::vector<std::pair<std::uint64_t, restaurant_id>> serials = {};

    batch_result store(const batch& what, std::uint64_t serial);
    void ring(const std::string& writer, const batch& what);
    void say(const std::string& node);
    std::int64_t bell_delay_ms() {
        return chance.chance(faults.bell_late) ? chance.between(200, 4000) : chance.between(1, 10);
    }
};

class model_journal final : public journal {
  public:
    // `writer` names it to other nodes.
    model_journal(model_server& server, process_turns& turns, std::string writer)
        : server_(server),
          turns_(turns),
          writer_(std::move(writer)),
          number_(std::hash<std::string>{}(writer_)) {}
    ~model_journal() override { *alive_ = false; }

    std::uint64_t writer() const noexcept override { return number_; }
    bool available() const noexcept override { return server_.is_up && is_connected_; }
    void write(std::shared_ptr<const batch> what, std::function<void(batch_result)> done) override;
    void probe(const logged_event& marker, std::function<void(batch_outcome)> done) override;
    void load(std::vector<load_request> which,
              std::function<void(result<std::vector<restaurant_image>>)> done) override;
    void load_events(restaurant_id restaurant, std::int64_t since_seq, bool is_public,
                     std::function<void(result<std::vector<logged_event>>)> done) override;
    void find_receipt(const receipt_request& key,
                      std::function<void(result<std::optional<receipt_row>>)> done);

    void lose_connection();
    // Whose rows it writes, and who hears when the database is back.
    void serve(engine& owner) noexcept { owner_ = &owner; }
    // Whether others want to hear of each commit.
    void ring_when(std::function<bool()> is_heard) { is_heard_ = std::move(is_heard); }

  private:
    enum class fate : std::uint8_t {
        normal,
        refused,
        exclusion,
        serialization,
        shut_down,
        lost_before,
        lost_after,
        ghost
    };
    struct work {
        std::shared_ptr<const batch> what;
        std::function<void(batch_result)> done;
        int attempt = 0;
        std::uint64_t server_start = 0;
        std::uint64_t serial = 0;
    };

    fate draw_fate();
    std::int64_t delay_ms();
    void send(work now);
    void finish(work now, fate how);
    void retry(work now);
    void answer(const work& of, batch_outcome outcome) { answer(of, batch_result{of.what->id, outcome}); }
    void answer(const work& of, const batch_result& what);
    batch_result refusal(const batch& what);
    void leave_ghost(const work& of);
    void send_again_later(const std::shared_ptr<const batch>& what);
    void ring_later(const std::shared_ptr<const batch>& what);
    void check_numbers(const batch& what);
    std::vector<restaurant_image> read(const std::vector<load_request>& which);
    // Put off, and dropped should the process crash meanwhile.
    void after(std::int64_t delay, std::function<void()> what) { turns_.after(delay, std::move(what)); }
    template <class Done, class... What>
    void deliver(Done done, What... what);

    model_server& server_;
    process_turns& turns_;
    std::string writer_;
    std::uint64_t number_;
    std::function<bool()> is_heard_;
    engine* owner_ = nullptr;
    bool is_connected_ = true;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::shared_ptr<bool> ghost_may_commit_ = std::make_shared<bool>(true);  // of the last lost session
    std::vector<restaurant_image> past_;
};

}  // namespace qtable::sim
