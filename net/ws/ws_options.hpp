// What may be set for a WebSocket session; the defaults are the named limits. A plain value, any core.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/limits.hpp"

namespace qtable::net {

struct ws_options {
    std::size_t message_bytes = limits::ws_client_message_bytes;
    std::size_t outbox_bytes = limits::ws_outbox_bytes;
    std::size_t messages_per_s = limits::ws_messages_per_s;  // pings and empty fragments count; 0 = no limit
    bool is_binary_allowed = false;
    std::int64_t ping_interval_ms = limits::ws_ping_interval_ms;
    std::int64_t close_timeout_ms = limits::ws_close_timeout_ms;
};

}  // namespace qtable::net
