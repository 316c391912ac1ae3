// Counters of one core. One writer, the core itself; any core may read them (for /metrics) and add them up
// (core/sync/counter.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/sync/counter.hpp"
#include "core/sync/duration_counts.hpp"

namespace qtable::net {

// The stages of a connection that have a deadline.
enum class deadline_stage : std::uint8_t { idle, header, body, write, linger, count_ };

// Close codes that are counted by name; anything else is `other`.
enum class ws_close_kind : std::uint8_t {
    normal,
    going_away,
    protocol_error,
    unsupported,
    abnormal,
    invalid_utf8,
    policy,
    too_big,
    restart,
    token_expired,
    slow_consumer,
    other,
    count_
};

struct core_metrics {
    // connections
    counter accepted, accept_errors, open_connections, tls_errors, tls_on_plain_port;
    counter bytes_in, bytes_out;
    counter reads, writes;  // system calls on plain sockets
    // HTTP
    counter requests, parse_errors, handler_exceptions, deferred_requests;
    std::array<counter, 6> responses_by_class;  // index = status / 100
    std::array<counter, static_cast<std::size_t>(deadline_stage::count_)> timeouts;
    // WebSocket
    counter ws_opened, ws_open, ws_messages_in, ws_frames_out, slow_consumers;
    std::array<counter, static_cast<std::size_t>(ws_close_kind::count_)> ws_closed;
    // the loop
    counter turns, mailbox_messages, exceptions;
    counter mailbox_depth;  // messages that were waiting when the mailbox was emptied last
    // what streams told
    duration_counts delivery;  // from the commit to the write of the socket, each event and socket
    counter channels_waiting;  // streams with something that isn't delivered yet
};

}  // namespace qtable::net
