// A reservation as lists and single look-ups show it: with its restaurant's zone and its customer's name.
// Stateless, any thread.
#pragma once

#include "core/engine/accounts.hpp"
#include "storage/pg/row.hpp"
#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

// Columns and tables: `r` the reservation, `x` its restaurant, `c` its customer.
#define QTABLE_LISTED_ROWS                                                       \
    QTABLE_RESERVATION_COLUMNS_OF_R                                              \
    ", x.timezone, c.first_name, c.last_name, c.phone "                          \
    "from customer_reservations r join restaurants x on x.id = r.restaurant_id " \
    "left join customers c on c.id = r.customer_id "

listed_reservation read_listed(const row& from);

// "Ada Lovelace"; either may be empty, or NULL where there is no such account.
std::string full_name(const row& from, int first_name_column, int last_name_column);

}  // namespace qtable::storage
