// Counters of one core. One writer, the core itself; any core may read them (for /metrics) and add them up.
// A counter is a relaxed atomic without a locked instruction, because nobody else writes it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace qtable::net {

class counter {
  public:
    void add(std::uint64_t more = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }
    void subtract(std::uint64_t less = 1) noexcept { add(~less + 1); }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_{0};
};

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
};

}  // namespace qtable::net
