// The bodies of requests, written from what their parse functions make of them: a client's side, for the
// target that parses them again. Every member that can be said is said.
#pragma once

#include <vector>

#include "proto/json_writer.hpp"
#include "proto/parse_account.hpp"
#include "proto/parse_diner.hpp"
#include "proto/parse_reservation.hpp"
#include "proto/parse_restaurant.hpp"
#include "proto/parse_service.hpp"
#include "proto/parse_settings.hpp"
#include "proto/parse_slots.hpp"
#include "proto/parse_tables.hpp"

namespace qtable::fuzz {

using proto::json_writer;

// parse_account.hpp
void write(json_writer& json, const proto::customer_registration& what);
void write(json_writer& json, const proto::staff_registration& what);
void write(json_writer& json, const proto::credentials& what);
void write(json_writer& json, const proto::email_verification& what);
void write(json_writer& json, const proto::refresh_request& what);
void write(json_writer& json, const proto::logout_request& what);
void write(json_writer& json, const proto::email_request& what);
void write(json_writer& json, const proto::password_reset_request& what);
void write(json_writer& json, const proto::customer_patch& what);
void write(json_writer& json, const proto::password_confirmation& what);
void write(json_writer& json, const proto::staff_addition& what);
void write(json_writer& json, const proto::role_change& what);
// parse_diner.hpp, parse_reservation.hpp
void write(json_writer& json, const proto::hold_request& what);
void write(json_writer& json, const proto::waitlist_request& what);
void write(json_writer& json, const running_late& what);
void write(json_writer& json, const review& what);
void write(json_writer& json, const proto::nothing& what);
void write(json_writer& json, const proto::reservation_request& what);
void write(json_writer& json, const change_reservation& what);
// parse_restaurant.hpp, parse_settings.hpp
void write(json_writer& json, const restaurant_profile& what);
void write(json_writer& json, const proto::hours_change& what);
void write(json_writer& json, const proto::rules_change& what);
void write(json_writer& json, const special_day& what);
void write(json_writer& json, const pause_bookings& what);
// parse_service.hpp
void write(json_writer& json, const serve_reservation& what);
void write(json_writer& json, const proto::seating& what);
void write(json_writer& json, const add_guest& what);
void write(json_writer& json, const change_guest& what);
// parse_slots.hpp, parse_tables.hpp
void write(json_writer& json, const std::vector<slot>& what);
void write(json_writer& json, const change_slot& what);
void write(json_writer& json, const table& what);
void write(json_writer& json, const change_table& what);
void write(json_writer& json, const std::vector<table>& what);
void write(json_writer& json, const table_combination& what);

}  // namespace qtable::fuzz
