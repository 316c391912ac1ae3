// Who listens to what: the sockets of this core by stream, and, for the streams that this core publishes,
// which cores have listeners. A stream is a restaurant's (for staff, or the public part of it; published by
// its owner) or a customer's (published by the customer's home core). Frames are made once by the publisher
// and shared. One per core; that core only. Bounds: `limits::customer_stream_events` kept frames per
// customer, `limits::customer_streams_per_core` streams; sockets have their own bounds (net/ws).
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/engine/ports.hpp"
#include "net/rt/session_table.hpp"
#include "net/ws/ws_frame.hpp"

namespace qtable::net {

class app_core;

enum class stream_kind : std::uint8_t { staff, open, customer };

struct stream_key {
    stream_kind kind = stream_kind::staff;
    uuid of;
    friend bool operator==(const stream_key&, const stream_key&) = default;
};
struct stream_key_hash {
    std::size_t operator()(const stream_key& key) const noexcept {
        return static_cast<std::size_t>(key.of.hash() ^ (static_cast<std::uint64_t>(key.kind) << 61));
    }
};

// What a client saw last.
struct resume_point {
    std::uint64_t epoch = 0;
    std::int64_t since_seq = 0;
};

struct numbered_frame {
    std::int64_t seq = 0;
    ws_frame frame;
};

// The publisher's answer to one who joins: where the stream stands, and what was missed.
struct join_answer {
    std::uint64_t epoch = 0;
    std::int64_t seq = 0;
    bool is_resync_required = false;
    std::vector<numbered_frame> missed;
};

// Whose socket it is, by which token; nil and 0 for anybody's.
struct socket_owner {
    uuid account;
    uuid login;
    instant expires_at;
};

class streams {
  public:
    explicit streams(app_core& app) : app_(app) {}

    // ---- sockets of this core
    void join(const stream_key& key, const session_ref& session, std::optional<resume_point> from,
              const socket_owner& owner);
    void leave(const stream_key& key, const session_ref& session);
    // Closes with 4401 what has outlived its token, login, or role at the restaurant.
    void close_expired(instant now);
    std::size_t sockets() const noexcept { return sockets_; }

    // ---- from publishers
    void deliver(const stream_key& key, const numbered_frame& what);
    void answer_join(const stream_key& key, const session_ref& session, join_answer&& answer);

    // ---- publishing: streams whose owner or home this core is
    void publish(const released_event& what, live_restaurant& live);
    // What listeners of the restaurant know may be wrong: they are told to read everything again.
    void resync(const restaurant_id& restaurant);
    void notify(const customer_notice& what);
    void admit(const stream_key& key, std::uint32_t from_core, const session_ref& session,
               std::optional<resume_point> from);
    void dismiss(const stream_key& key, std::uint32_t core);
    // What is kept of a customer who is erased. On the customer's home core.
    void forget_customer(const uuid& customer) { customer_streams_.erase(customer); }

  private:
    struct listener {
        session_ref session;
        socket_owner owner;
        bool is_joining = true;
        std::vector<numbered_frame> held;  // live frames that came before the answer to the join
    };
    struct channel {
        std::vector<listener> listeners;
    };
    struct customer_stream {
        std::uint64_t epoch = 0;
        std::int64_t seq = 0;
        std::deque<numbered_frame> newest;
    };

    // Whether the owner may still listen.
    bool is_welcome(const stream_key& key, const socket_owner& owner) const;
    void send_to_cores(const stream_key& key, const numbered_frame& what);
    void admit_to_restaurant(const stream_key& key, std::uint32_t from_core, const session_ref& session,
                             std::optional<resume_point> from);
    void answer(const stream_key& key, std::uint32_t from_core, const session_ref& session,
                join_answer&& what);
    join_answer resume_customer(const stream_key& key, std::optional<resume_point> from);
    customer_stream& stream_of(const uuid& customer);

    app_core& app_;
    boost::unordered_flat_map<stream_key, channel, stream_key_hash> channels_;
    std::multimap<std::int64_t, session_ref> expiries_;  // ms
    std::size_t sockets_ = 0;

    boost::unordered_flat_map<stream_key, std::uint64_t, stream_key_hash> listening_cores_;  // a bit per core
    boost::unordered_flat_map<uuid, customer_stream, id_hash> customer_streams_;
};

}  // namespace qtable::net
