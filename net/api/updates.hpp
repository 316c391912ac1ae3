// What changed at a restaurant since a client last looked, for apps that poll. Collected on the owner's core
// from its log, in memory or in the database, as the sockets resume (net/api/streams.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/error.hpp"
#include "core/base/ids.hpp"
#include "proto/render_activity.hpp"

namespace qtable::net {

class app_core;

struct updates_request {
    restaurant_id restaurant;
    std::optional<std::uint64_t> epoch;  // the log that the client read before
    std::int64_t since_seq = 0;
    std::size_t limit = 0;  // rows of the log
};

using updates_done = std::function<void(result<proto::log_changes>)>;

// The owner's core; `done` is called once, there.
void collect_updates(app_core& owner, const updates_request& wanted, updates_done done);

}  // namespace qtable::net
