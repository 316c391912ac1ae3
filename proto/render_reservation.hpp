// Reservations as JSON, and the times that may stand in for one. Pure functions, any core; they append to
// `out`.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/base/zone.hpp"
#include "core/engine/reply.hpp"
#include "core/model/reservation.hpp"

namespace qtable::proto {

// {id, restaurant_id, customer_id, date, time, party_size, status, special_requests, table_id, table_ids,
// created_at,
//  updated_at, starts_at, ends_at, confirmation_code, checked_in_at, guest_id, version}; `where` is the
//  restaurant's zone.
void write_reservation(std::string& out, const reservation& value, const zone& where);
// The same for the restaurant's staff: with customer_name and customer_phone (null when empty).
void write_staff_reservation(std::string& out, const reservation& value, const zone& where,
                             std::string_view customer_name, std::string_view customer_phone);

// Makes a rendered reservation one for staff.
void append_customer(std::string& body, std::string_view customer_name, std::string_view customer_phone);

// [{date, time, starts_at, ends_at}, …]
void write_alternatives(std::string& out, std::span<const alternative> times);

}  // namespace qtable::proto
