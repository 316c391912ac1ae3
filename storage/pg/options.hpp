// What a pg_connection may be told. Defaults are the production values. Plain value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/limits.hpp"

namespace qtable::storage {

struct pg_options {
    std::string application_name = "qtable";
    bool prepare = true;                     // false behind pgbouncer in transaction mode
    bool allow_asynchronous_commit = false;  // otherwise a role with synchronous_commit = off is refused
    std::size_t depth = 1;  // units in the pipeline at once; 1 for what must not run after a failed one
    std::size_t queued_units = limits::pg_queued_units;
    std::int64_t connect_timeout_ms = limits::pg_connect_timeout_ms;
    std::int64_t unit_timeout_ms = limits::commit_timeout_ms;  // from submit; then the connection is dropped
    std::int64_t unready_wait_ms = limits::database_gone_answer_ms;  // how long a unit waits for a connection
    std::int64_t statement_timeout_ms = limits::commit_timeout_ms;   // the server's own; 0 = none
    std::uint64_t jitter_seed = 1;                                   // of the reconnect delays
};

}  // namespace qtable::storage
