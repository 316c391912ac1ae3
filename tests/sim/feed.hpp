// How one process of the simulation follows the others: core/engine/node_follower as it is in production,
// over a model of what PostgreSQL carries between nodes: bells and heartbeats that come late or never, a
// connection that is lost and listens anew, positions of logs as they stood a moment ago. Goes with its
// process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/node_follower.hpp"
#include "tests/sim/model_journal.hpp"

namespace qtable::sim {

class feed final : public notice_listener {
  public:
    struct outside {
        model_server& server;
        process_turns& turns;
        std::uint32_t node;
        std::function<engine&(const restaurant_id&)> owner;
    };
    // `read_serial`: the newest row that the process read when it started.
    feed(outside around, std::uint64_t read_serial);
    ~feed() override;
    feed(const feed&) = delete;
    feed& operator=(const feed&) = delete;

    // Once a second.
    void tick() { act(follower_.on_tick(around_.server.time.now().ms)); }
    // From now on bells are heard: what was rung before is looked for.
    void listen();
    void lose_connection();
    bool has_peers() const noexcept { return follower_.has_peers(); }
    bool had_peers() const noexcept { return follower_.had_peers(); }

    void rung(const std::string& writer, const std::vector<restaurant_id>& restaurants) override;
    void is_there(const std::string& node) override;

  private:
    // Small, so that a sweep takes several.
    static constexpr std::size_t portion = 4;

    void hear(const std::string& writer, const std::vector<restaurant_id>& restaurants);
    void act(const node_follower::steps& next);
    void say_we_are_here();
    void sweep(const std::optional<restaurant_id>& after);
    std::vector<log_position> positions_after(const restaurant_id& after) const;
    void catch_up(const std::vector<log_position>& stored);
    void read_by_serial();

    outside around_;
    positions_ahead ahead_;
    std::string name_;
    node_follower follower_;
    bool is_listening_ = false;
    std::uint64_t read_serial_;
};

}  // namespace qtable::sim
