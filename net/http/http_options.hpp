// What may be set for the HTTP engine; the defaults are the named limits. A plain value, any core.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/limits.hpp"

namespace qtable::net {

struct http_options {
    std::int64_t header_timeout_ms = limits::header_timeout_ms;
    std::int64_t body_timeout_ms = limits::body_timeout_ms;
    std::int64_t body_grace_ms = limits::body_grace_ms;  // before the minimum rate is asked for
    std::int64_t body_min_bytes_per_s = limits::body_min_bytes_per_s;
    std::int64_t write_stall_timeout_ms = limits::write_stall_timeout_ms;
    std::int64_t idle_timeout_ms = limits::idle_timeout_ms;
    std::int64_t lingering_timeout_ms = limits::lingering_timeout_ms;
};

}  // namespace qtable::net
