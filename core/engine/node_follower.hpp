// How a node follows the others on the same database, without the doing: who else is there, when to say that
// we are, which logs are compared next, and which restaurants memory is behind with. What it says is done by
// the program (tools/qtable/node_feed) and, over a model, by the simulation. A hole can't be: each
// restaurant's position in its own log is compared with memory, whatever order commits came in.
// Owner: the core that follows, one a process; `behind` belongs to each owner's core. Deterministic: time is
// given. Bounds: one portion of positions is asked for at a time; who isn't heard of for
// `peer_forgotten_ms` is forgotten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/ids.hpp"

namespace qtable {

class engine;

// Where the log of a restaurant stands in the database.
struct log_position {
    restaurant_id restaurant;
    std::int64_t seq = 0;
    bool is_deleted = false;
};

// Restaurants whose memory was further than the database at the last look, and where it was.
using positions_ahead = std::unordered_map<restaurant_id, std::int64_t, id_hash>;

// Those of which the owner has yet to read what the database holds, or to forget what it doesn't hold any
// more. One whose memory is further by the same seq as at the last look wasn't merely looked at before its
// last commit: the database went back.
std::vector<restaurant_id> behind(const engine& owner, std::span<const log_position> stored,
                                  positions_ahead& ahead);

class node_follower {
  public:
    static constexpr std::size_t restaurants_a_second = 2'000;
    static constexpr std::int64_t tick_ms = 1'000;
    static constexpr std::uint64_t ticks_a_heartbeat = 2;
    static constexpr std::int64_t peer_forgotten_ms = 60'000;
    // A minute: many heartbeats of somebody else, and what a session that outlives its process has to end.
    static constexpr std::uint64_t ticks_to_know = 60;
    // Alone, the safety net looks for who writes without ringing, and may take its time.
    static constexpr std::uint64_t ticks_alone = 10;

    // What is to be done now.
    struct steps {
        bool says_here = false;    // tell the other nodes that we are there
        bool reads_ended = false;  // sessions that ended elsewhere
        // Ask where the logs of the restaurants after this one stand, at most `portion`: `on_swept` follows.
        std::optional<restaurant_id> sweeps_after = std::nullopt;
    };

    // `node` begins the names of this process's writers: "<node>-<core>".
    explicit node_follower(std::string node, std::size_t portion = restaurants_a_second)
        : node_(std::move(node)), portion_(portion) {}

    steps on_tick(std::int64_t now_ms);
    steps on_heard_of(std::string_view node, std::int64_t now_ms);
    // Something was rung that we can't know: all logs are compared, one portion after the other.
    std::optional<restaurant_id> sweep_all();
    // None: the database didn't answer. Gives where the next portion begins that is to be asked for at once.
    std::optional<restaurant_id> on_swept(std::optional<std::span<const log_position>> found);

    bool is_ours(std::string_view writer) const noexcept {
        return writer.size() > node_.size() && writer.starts_with(node_) && writer[node_.size()] == '-';
    }
    std::size_t portion() const noexcept { return portion_; }
    bool has_peers() const noexcept { return !peers_.empty(); }
    // Since the start; true also until it has listened for long enough to know.
    bool had_peers() const noexcept { return was_anybody_there_ || ticks_ < ticks_to_know; }

  private:
    std::optional<restaurant_id> sweep();

    std::string node_;
    std::size_t portion_;
    std::map<std::string, std::int64_t, std::less<>> peers_;  // until when each counts as there
    bool was_anybody_there_ = false;
    std::uint64_t ticks_ = 0;
    restaurant_id after_;
    bool is_sweeping_ = false, is_whole_ = false, is_whole_wanted_ = false;
};

}  // namespace qtable
