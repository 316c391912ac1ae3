// Sockets that listen to a restaurant's log, as net/api/streams serves them: they join with the last seq that
// they know, get what they missed and then what comes, and read as fast as they like. A reader who is too
// slow is cut off and comes back, to any node. Holds what each reads against the stored log: every seq once,
// in order, also across nodes, unless it was told to read anew. Bounds: `outbox_frames` wait for one reader.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "tests/sim/front.hpp"

namespace qtable::sim {

class sockets {
  public:
    // The processes that there are to connect to.
    struct outside {
        std::function<std::optional<std::uint32_t>()> any_node;  // none runs
        std::function<process_turns&(std::uint32_t node)> turns;
        std::function<engine&(std::uint32_t node, const restaurant_id&)> owner;
        std::function<model_journal&(std::uint32_t node, const restaurant_id&)> journal;
    };
    sockets(model_server& server, outside around) : server_(server), around_(std::move(around)) {}

    void open(const restaurant_id& restaurant, bool is_public);
    // From the owner: a row that was released; what its listeners know of availability may be wrong.
    void publish(std::uint32_t node, const released_event& what);
    void resync(std::uint32_t node, const restaurant_id& restaurant);
    // Somebody reads a little, is cut off, or comes back.
    void step();
    // The process is gone.
    void cut_all(std::uint32_t node);
    // All come back and read until nothing is left. False: it isn't done yet, time has to go on.
    bool read_all();
    // When all is quiet: who has read everything knows the whole log.
    void check_all_known();

    std::uint64_t frames = 0, resumed = 0, cut_off = 0, read_anew = 0, ahead = 0, moved = 0;

  private:
    static constexpr std::size_t outbox_frames = 24;
    using frame = std::shared_ptr<const logged_event>;  // null: it is told to read anew
    enum class state : std::uint8_t { closed, joining, open };
    struct socket {
        restaurant_id restaurant;
        bool is_public = false;
        state now = state::closed;
        std::uint32_t node = 0;
        std::uint64_t connection = 0;  // its number: answers to an older one are dropped
        bool knows_something = false;
        std::uint64_t epoch = 0;
        std::int64_t seq = 0;            // the last one that it read
        std::int64_t told = 0;           // the last one that was sent to it
        bool may_jump = false;           // it was told to read anew
        std::deque<frame> outbox, held;  // held: live ones, while it joins
    };

    static std::int64_t number(const socket& of, const logged_event& row) {
        return of.is_public ? row.public_seq : row.seq;
    }
    void join(socket& who);
    void ask_to_join(socket& who, std::uint64_t connection);
    void admit_who_is_ahead(socket& who, std::uint64_t connection, std::uint64_t epoch, std::int64_t at);
    void admit(socket& who, std::uint64_t epoch, std::int64_t now_at, std::vector<logged_event>&& missed,
               bool must_read_anew);
    void send(socket& to, const frame& what);
    void push(socket& to, const frame& what);
    void read(socket& who, std::size_t most);
    void cut(socket& who);

    model_server& server_;
    outside around_;
    std::deque<socket> all_;
};

}  // namespace qtable::sim
