// Guests, holds and waits as JSON. Pure functions, any core; they append to `out`.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/base/zone.hpp"
#include "core/engine/pictures.hpp"
#include "core/model/guest.hpp"
#include "core/model/hold.hpp"

namespace qtable::proto {

// {id, restaurant_id, name, phone, party_size, source, reservation_id, customer_id, status, table_ids,
// quoted_minutes, estimated_wait_minutes, wait, parties_ahead, position, notes, timestamps, version}; what
// `wait` says is null without it.
void write_guest(std::string& out, const restaurant_id& restaurant, const guest& value,
                 const wait_estimate* wait);
// {"items":[…],"next_cursor"}: the cursor is the id of the page's last guest.
void write_guests(std::string& out, const restaurant_id& restaurant, std::span<const guest_line> lines,
                  const std::optional<guest_id>& next);

// {id, restaurant_id, customer_id, date, time, party_size, starts_at, ends_at, created_at, expires_at}
void write_hold(std::string& out, const hold& value, const zone& where);

// {restaurant_id, at, "items":[{party_size, estimated_wait_minutes, wait, parties_ahead, position}, …]}
void write_wait_quotes(std::string& out, const restaurant_id& restaurant, instant at,
                       std::span<const wait_quote> quotes);

}  // namespace qtable::proto
