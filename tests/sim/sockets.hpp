// Sockets that listen to a restaurant's log, as net/api/streams serves them: they join with the last seq that
// they know, get what they missed and then what comes, and read as fast as they like. A reader who is too
// slow is cut off and comes back. Holds what each reads against the stored log: every seq once, in order,
// unless it was told to read anew. Bounds: `outbox_frames` wait for one reader.
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
    using owner_function = std::function<const owned_restaurant*(const restaurant_id&)>;
    using journal_function = std::function<model_journal&(const restaurant_id&)>;

    sockets(model_server& server, owner_function owner, journal_function journal)
        : server_(server), owner_(std::move(owner)), journal_(std::move(journal)) {}

    void open(const restaurant_id& restaurant, bool is_public);
    // From the owner: a row that was released; what its listeners know of availability may be wrong.
    void publish(const released_event& what);
    void resync(const restaurant_id& restaurant);
    // Somebody reads a little, is cut off, or comes back.
    void step();
    // The process is gone.
    void cut_all();
    // All come back and read until nothing is left. False: it isn't done yet, time has to go on.
    bool read_all();
    // When all is quiet: who has read everything knows the whole log.
    void check_all_known();

    std::uint64_t frames = 0, resumed = 0, cut_off = 0, read_anew = 0;

  private:
    static constexpr std::size_t outbox_frames = 24;
    using frame = std::shared_ptr<const logged_event>;  // null: it is told to read anew
    enum class state : std::uint8_t { closed, joining, open };
    struct socket {
        restaurant_id restaurant;
        bool is_public = false;
        state now = state::closed;
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
    void admit(socket& who, std::uint64_t epoch, std::int64_t now_at, std::vector<logged_event>&& missed,
               bool must_read_anew);
    void send(socket& to, const frame& what);
    void push(socket& to, const frame& what);
    void read(socket& who, std::size_t most);
    void cut(socket& who);

    model_server& server_;
    owner_function owner_;
    journal_function journal_;
    std::deque<socket> all_;
};

}  // namespace qtable::sim
