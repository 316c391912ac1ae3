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
#include <optional>
#include <vector>

#include "core/engine/ports.hpp"
#include "net/api/channels.hpp"

namespace qtable::net {

class app_core;

class streams {
  public:
    explicit streams(app_core& app);

    // ---- sockets of this core
    void join(const stream_key& key, subscription& who, ws_session& session, std::optional<resume_point> from,
              const socket_owner& owner);
    void leave(const stream_key& key, subscription& who);
    // All that was sent to it has left: asks for the next portion of what it missed, if there is one.
    void go_on(const stream_key& key, subscription& who);
    // Closes with 4401 what has outlived its token, login, or role at the restaurant.
    void close_expired(instant now);
    std::size_t sockets() const noexcept { return channels_.sockets(); }
    std::size_t waiting() const noexcept { return channels_.waiting(); }
    std::size_t sockets_of(const stream_key& key) const noexcept { return channels_.sockets_of(key); }

    // ---- publishing: streams whose owner or home this core is
    void publish(const released_event& what, live_restaurant& live);
    // What listeners of the restaurant know may be wrong: they are told to read everything again.
    void resync(const restaurant_id& restaurant);
    void notify(const customer_notice& what);
    void admit(const stream_key& key, std::uint32_t from_core, const subscription_ref& who,
               std::optional<resume_point> from);
    void dismiss(const stream_key& key, std::uint32_t core);
    // What is kept of a customer who is erased. On the customer's home core.
    void forget_customer(const uuid& customer) { customer_streams_.erase(customer); }

  private:
    struct customer_stream {
        std::uint64_t epoch = 0;
        std::int64_t seq = 0;
        std::deque<numbered_frame> newest;
    };

    void ask(const stream_key& key, const subscription_ref& who, std::optional<resume_point> from);
    // Whether the owner may still listen.
    bool is_welcome(const stream_key& key, const socket_owner& owner) const;
    void send_to_cores(const stream_key& key, const numbered_frame& what);
    void admit_to_restaurant(const stream_key& key, std::uint32_t from_core, const subscription_ref& who,
                             std::optional<resume_point> from);
    void admit_who_is_ahead(const stream_key& key, std::uint32_t from_core, const subscription_ref& who,
                            std::int64_t seq, join_answer&& known);
    void answer(std::uint32_t from_core, const subscription_ref& who, join_answer&& what);
    join_answer resume_customer(const stream_key& key, std::optional<resume_point> from);
    customer_stream& stream_of(const uuid& customer);

    app_core& app_;
    channels channels_;

    boost::unordered_flat_map<stream_key, std::uint64_t, stream_key_hash> listening_cores_;  // a bit per core
    boost::unordered_flat_map<uuid, customer_stream, id_hash> customer_streams_;
};

}  // namespace qtable::net
