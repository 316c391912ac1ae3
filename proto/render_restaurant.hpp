// Restaurants, tables and published slots as JSON. Pure functions, any core; they append to `out`.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/model/restaurant.hpp"
#include "core/model/slot.hpp"
#include "proto/json_writer.hpp"

namespace qtable::proto {

// For staff: the whole profile, `booking_rules`, `paused_until`, rating, timestamps, version.
void write_staff_restaurant(std::string& out, const restaurant& value);

// What everybody may see, as members without braces, so that search can keep them rendered:
// `"id":"…","name":"…", … ,"version":1`.
void render_public_members(const restaurant& value, std::string& out);
// { public members }
void write_public_restaurant(std::string& out, const restaurant& value);

// The members of the booking rules, without braces around them.
void write_rules_members(json_writer& json, const booking_rules& rules);

// {id, label, capacity, min_party, section, x, y, shape, status, current_guest_id, version}
void write_table(std::string& out, const table& value);
void write_table_members(json_writer& json, const table& value);

// {id, restaurant_id, date, time_slot, party_size, available_tables, is_available, version}
void write_slot(std::string& out, const restaurant_id& restaurant, const slot& value);

// Search lines. Plain: {public members, "distance_km", "slots"?}. GeoJSON: a Feature with the same as
// `properties`. Between `begin` and `end` of a line its slots may follow, and between theirs the slots'
// lines. Commas between lines are the caller's.
void begin_search_line(std::string& out, std::string_view public_members, double distance_km);
void end_search_line(std::string& out);
void begin_search_feature(std::string& out, const restaurant_id& id, double longitude, double latitude,
                          std::string_view public_members, double distance_km);
void end_search_feature(std::string& out);
void begin_search_slots(std::string& out);
void end_search_slots(std::string& out);

}  // namespace qtable::proto
