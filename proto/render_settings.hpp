// What managers configure besides the profile and the tables, as JSON. Pure functions, any core; they append
// to `out`.
#pragma once

#include <string>

#include "core/model/restaurant.hpp"
#include "core/model/review.hpp"

namespace qtable::proto {

// {id, label, table_ids, capacity, min_party, version}
void write_combination(std::string& out, const table_combination& value);
// {date, hours, note}; hours in the text form, empty = closed
void write_special_day(std::string& out, const special_day& value);
// {hours_monday … hours_sunday, version}: of the profile, the version of the restaurant
void write_hours(std::string& out, const restaurant& value);
// The booking rules with the restaurant's `version`.
void write_booking_rules(std::string& out, const restaurant& value);
// {id, restaurant_id, role}
void write_staff_member(std::string& out, const restaurant_id& restaurant, const staff_member& value);
// {reservation_id, restaurant_id, customer_id, rating, text, created_at}
void write_review(std::string& out, const review& value);
// {"id", "deleted": true}
void write_deleted(std::string& out, const uuid& what);

}  // namespace qtable::proto
