// How guests stand in their table: columns, writing, reading. Stateless, any thread.
#pragma once

#include <span>

#include "core/engine/batch.hpp"
#include "storage/pg/params.hpp"
#include "storage/pg/row.hpp"

namespace qtable::storage {

#define QTABLE_GUEST_COLUMNS                                                                    \
    "id, restaurant_id, name, phone, party_size, source, reservation_id, customer_id, status, " \
    "table_ids, blocks_from, blocks_until, quoted_minutes, notes, created_at, updated_at, "     \
    "notified_at, seated_at, left_at, version"
#define QTABLE_GUEST_ARRAYS                                                                     \
    "$1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::uuid[], "   \
    "$8::uuid[], $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], "             \
    "$13::integer[], $14::text[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[], " \
    "$18::timestamptz[], $19::timestamptz[], $20::bigint[]"
// As arrays $1–$20, in the order of QTABLE_GUEST_COLUMNS.
void add_guests(params& to, std::span<const guest_row* const> what);
guest read_guest(const row& from);  // its restaurant is column 1

}  // namespace qtable::storage
