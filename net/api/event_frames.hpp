// Events as WebSocket frames. The owner's core: availability is read from what it published.
#pragma once

#include "core/engine/owned_restaurant.hpp"
#include "core/engine/ports.hpp"
#include "net/api/streams.hpp"

namespace qtable::net {

// The JSON of `data`: as logged, or the values of availability_updated.
std::string event_data(const released_event& what, const live_restaurant& live, instant now);
// For the staff stream, or with `is_public` for the public one.
numbered_frame event_frame(const released_event& what, std::string_view data, bool is_public);
ws_frame hello_frame(std::uint64_t epoch, std::int64_t seq);
ws_frame resync_frame();
ws_frame going_away_frame(std::int64_t reconnect_within_ms);

}  // namespace qtable::net
