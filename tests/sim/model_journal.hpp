// The journal of one core as the simulation has it: the model database behind delays, lost answers, outages,
// sessions that outlive their connection, and crashes. Also a liar, when a canary asks for it: then the
// simulation has to notice.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "tests/sim/random.hpp"
#include "tests/sim/timeline.hpp"
#include "tests/unit/core/engine/model_database.hpp"

namespace qtable::sim {

enum class canary : std::uint8_t {
    none,
    acknowledges_unstored,  // says committed, stores nothing
    loses_answers,          // some batches are never answered
    invents_commits,        // a probe says committed of what isn't there
    loads_the_past,         // a restaurant is read as it was some time ago, under its present seq
};

struct fault_rates {  // per mille
    int conflict = 30, unavailable = 20, unknown = 40, load_error = 30, slow = 30, probe_fails = 200,
        short_history = 30;
};

class model_journal final : public journal {
  public:
    // `unannounced` gets the restaurants to which a session wrote that no engine waits for any more.
    model_journal(timeline& time, random_source& chance, test::model_database& tables,
                  const fault_rates& faults, canary bug, std::set<restaurant_id>& unannounced);
    ~model_journal() override;

    bool available() const noexcept override { return is_available_; }
    void write(std::shared_ptr<const batch> what, std::function<void(batch_result)> done) override;
    void probe(const logged_event& marker, std::function<void(batch_outcome)> done) override;
    void load(std::vector<load_request> which,
              std::function<void(result<std::vector<restaurant_image>>)> done) override;
    void load_events(restaurant_id restaurant, std::int64_t since_seq, bool is_public,
                     std::function<void(result<std::vector<logged_event>>)> done) override;

    void set_available(bool is_available) noexcept { is_available_ = is_available; }

  private:
    enum class fate : std::uint8_t { normal, conflict, unavailable, lost_before, lost_after, ghost };

    fate draw_fate();
    std::int64_t delay_ms();
    void finish_write(const std::shared_ptr<const batch>& what, fate how,
                      std::function<void(batch_result)> done);
    std::vector<restaurant_image> read(const std::vector<load_request>& which);
    // Put off, and dropped should the core crash meanwhile.
    void after(std::int64_t delay, std::function<void()> what);

    timeline& time_;
    random_source& chance_;
    test::model_database& tables_;
    std::set<restaurant_id>& unannounced_;
    const fault_rates& faults_;
    canary bug_;
    bool is_available_ = true;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::shared_ptr<bool> ghost_may_commit_ = std::make_shared<bool>(true);  // of the last lost session
    std::vector<restaurant_image> past_;
};

}  // namespace qtable::sim
