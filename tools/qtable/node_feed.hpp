// What other nodes on the same database did, for this one: the doorbell that they ring after their commits,
// and where all logs stand, read in portions, as the safety net; core/engine/node_follower says what to ask
// when. Sessions that ended elsewhere are read every two seconds. Nodes hear of each other by a notification
// every two seconds; who hears of nobody doesn't ring. Core 0, but `has_peers` and `had_peers`: any. Bounds:
// `node_follower::restaurants_a_second` positions are read a second.
#pragma once

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/server/server.hpp"
#include "storage/pg/pg_connection.hpp"

namespace qtable::tools {

class node_feed {
  public:
    // `bell` listens, `asks` asks; both outlive it. `node` begins the names of this process's writers.
    // Of others than `part` nothing is read.
    node_feed(net::core_thread& core, storage::pg_connection& bell, storage::pg_connection& asks,
              std::string node, const partition& part);
    // Any core.
    bool has_peers() const noexcept { return has_peers_.load(std::memory_order_relaxed); }
    // Since the start; true also until it has listened for long enough to know.
    bool had_peers() const noexcept { return had_peers_.load(std::memory_order_relaxed); }
    // On core 0. `read_since`: when this process read the ended sessions.
    void start(net::server& server, instant read_since);
    void stop();

  private:
    class impl;
    std::atomic<bool> has_peers_{false}, had_peers_{true};
    std::shared_ptr<impl> impl_;
};

}  // namespace qtable::tools
