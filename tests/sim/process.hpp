// One server process of the simulation, a node when there are several: three cores' engines as they are in
// production, the front before them, and the feed by which it follows the others. It starts with what the
// database holds, and dies with its destructor: what it has put off never happens then.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tests/sim/feed.hpp"
#include "tests/sim/front.hpp"
#include "tests/sim/model_journal.hpp"
#include "tests/sim/sockets.hpp"

namespace qtable::sim {

class process {
  public:
    struct outside {
        model_server& server;
        const renderer& render;
        sockets& listeners;
        std::uint32_t node;
        bool has_others;  // there are other nodes to follow
    };
    explicit process(const outside& around);
    ~process();
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    // A client's request.
    void ask(command_envelope&& what);
    // Once a second.
    void second();
    void forget_past_days();
    void freeze();
    void wake();
    bool is_frozen() const noexcept { return turns_.is_frozen(); }
    // No new requests; those that are there get their answers, what was decided becomes durable: then
    // `is_over` is called, once.
    void drain(std::function<void()> is_over);
    bool is_draining() const noexcept { return front_.is_draining(); }
    void database_is_gone();
    void database_is_back();
    void lose_connection(std::uint32_t of_core) { cores_[of_core].log->lose_connection(); }
    void lose_bell_connection() { feed_->lose_connection(); }

    engine& owner(const restaurant_id& id) { return *cores_[owner_of(id)].owner; }
    model_journal& log(const restaurant_id& id) { return *cores_[owner_of(id)].log; }
    process_turns& turns() noexcept { return turns_; }
    // Requests whose client still waits.
    std::size_t waiting() const noexcept { return front_.waiting(); }
    bool is_idle() const;
    template <class Visit>
    void for_each_engine(Visit&& visit) const {
        for (const core& each : cores_) visit(*each.owner);
    }

  private:
    class core_sink;
    struct core {
        std::unique_ptr<model_journal> log;
        std::unique_ptr<core_sink> sink;
        std::unique_ptr<engine> owner;
    };

    std::array<core, cores> make_cores();
    front::outside front_outside();
    void adopt_all();
    void stop_when_idle(instant since, std::function<void()> is_over);

    outside around_;
    process_turns turns_;
    std::array<core, cores> cores_;
    front front_;
    std::unique_ptr<feed> feed_;
};

}  // namespace qtable::sim
