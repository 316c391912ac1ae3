// The evening as staff see it, as JSON: the floor and the day in figures, from the owner's memory. Pure
// functions, any core; they append to `out`. Customers stand in them by id: their names come from elsewhere.
#pragma once

#include <string>

#include "core/engine/pictures.hpp"

namespace qtable::proto {

// {restaurant_id, at, date, timezone, epoch, seq, tables: [{…table, guest, expected_until,
// next_reservation}], combinations, guests, reservations}
void write_floor(std::string& out, const floor_picture& value);
// {restaurant_id, at, date, timezone, epoch, seq, reservations: {by status}, covers: {booked, seated,
// served}, walk_ins, waiting: {parties, covers, longest_minutes}, tables: {by status}, arrivals: [{time,
// parties, covers}], late, next}
void write_dashboard(std::string& out, const dashboard_picture& value);

}  // namespace qtable::proto
