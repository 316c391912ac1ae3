// The sockets of one core by the stream that they listen to, and the delivery of frames to them. What a
// stream said within one turn is joined once and then written to each socket with one call, straight from the
// shared bytes: only a socket that doesn't take it all gets something in its outbox. A long row of sockets is
// served in portions of `limits::deliveries_per_turn`, so that nobody else waits for it; each socket's order
// is kept by the numbers of the frames. Owner: its core's `streams`. Bounds: one seat a socket; what waits to
// be delivered is what publishers said since the last portion. What a socket missed comes in portions that
// its outbox holds, the next when the last has left; what is said meanwhile is part of a later one.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "net/rt/core_thread.hpp"
#include "net/rt/session_table.hpp"
#include "net/ws/ws_frame.hpp"

namespace qtable::net {

class ws_session;

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

struct numbered_frame {
    std::int64_t seq = 0;  // `unnumbered`: to be told whatever was told before
    ws_frame frame;
    std::int64_t committed_ns = 0;  // of live events: for measuring
};
constexpr std::int64_t unnumbered = INT64_MAX;

// The publisher's answer to one who joins: where the stream stands, and what was missed.
struct join_answer {
    std::uint64_t epoch = 0;
    std::int64_t seq = 0;
    bool is_resync_required = false;
    std::vector<numbered_frame> missed;
    bool is_more = false;  // after the last of `missed`: to be asked for once these have left
};

// What a client saw last.
struct resume_point {
    std::uint64_t epoch = 0;
    std::int64_t since_seq = 0;
};

// Whose socket it is, by which token; nil and 0 for anybody's.
struct socket_owner {
    uuid account;
    uuid login;
    instant expires_at;
};

class channels;
struct channel;

// A socket's place in a channel; part of the socket's handler.
class subscription {
  public:
    subscription() = default;
    subscription(const subscription&) = delete;
    subscription& operator=(const subscription&) = delete;

    // Whether it had its hello.
    bool is_greeted() const noexcept { return epoch_ != 0; }

  private:
    friend class channels;
    channel* in_ = nullptr;
    ws_session* session_ = nullptr;
    std::uint64_t id_ = 0;
    std::size_t seat_ = 0;
    socket_owner owner_;
    std::multimap<std::int64_t, subscription*>::iterator expiry_;
    std::vector<numbered_frame> held_;  // live frames that came before the answer to the join
    std::uint64_t epoch_ = 0;           // of the answer; 0: it hasn't come yet
    bool is_owed_ = false;              // a portion of what it missed, not asked for yet
};

// Refers to a subscription from other cores.
struct subscription_ref {
    std::uint64_t id = 0;
};

class channels final : private turn_task {
  public:
    explicit channels(core_thread& core);
    ~channels() override;

    // Until `answer_join` it is given nothing.
    subscription_ref add(const stream_key& key, subscription& who, ws_session& session,
                         const socket_owner& owner);
    // True when it was the last one of its channel.
    bool remove(subscription& who);
    std::size_t sockets() const noexcept { return listeners_.size(); }
    // Streams with something that isn't delivered yet.
    std::size_t waiting() const noexcept { return due_.size(); }
    std::size_t sockets_of(const stream_key& key) const noexcept;

    // To all listeners of the stream, at the end of this turn.
    void deliver(const stream_key& key, const numbered_frame& what);
    // The hello, the missed frames in order, then the held ones that aren't among them: no hole, no repeat.
    // When there is more than one answer holds it stays as one that joins.
    void answer_join(const subscription_ref& to, const join_answer& answer);
    // All that was sent has left: from where it wants the next portion of what it missed, if one is owed. The
    // answer is another `answer_join`.
    std::optional<resume_point> take_owed(subscription& who);
    static subscription_ref ref_of(const subscription& who) noexcept { return {who.id_}; }

    // Closes with 4401 those whose time is over, and those that `is_welcome` denies. It isn't asked about
    // public streams.
    void close_expired(instant now,
                       const std::function<bool(const stream_key&, const socket_owner&)>& is_welcome);

  private:
    void on_turn_end() override;
    void serve();
    static void begin_pass(channel& of);
    static std::size_t give(channel& of, std::size_t seat);
    void note_delivery(std::int64_t committed_ns, std::uint64_t events) noexcept;

    core_thread& core_;
    boost::unordered_flat_map<stream_key, std::unique_ptr<channel>, stream_key_hash> channels_;
    session_table<subscription> listeners_;
    std::multimap<std::int64_t, subscription*> expiries_;  // ms
    std::deque<channel*> due_;                             // those with something to deliver
    bool is_continued_ = false;                            // a message of ours is on its way to go on
};

}  // namespace qtable::net
