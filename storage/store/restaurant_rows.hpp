// How a restaurant's configuration and a reservation stand in their tables: column lists, writing, reading.
// One place, used by the journal, the boot loader, the bulk writer and the lists. Stateless, any thread.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "core/model/reservation.hpp"
#include "core/model/restaurant.hpp"
#include "storage/pg/params.hpp"
#include "storage/pg/row.hpp"

namespace qtable::storage {

// Profile, rules, pause, version and rating of each, as arrays $1–$41: id first, the rest in the order of
// QTABLE_RESTAURANT_*.
void add_restaurants(params& to, std::span<const restaurant* const> what);

#define QTABLE_RESTAURANT_COLUMNS                                                                 \
    "id, name, is_public, description, cuisine_type, price_range, latitude, longitude, phone, "   \
    "website, address, timezone, hours_monday, hours_tuesday, hours_wednesday, hours_thursday, "  \
    "hours_friday, hours_saturday, hours_sunday, slot_interval_min, turn_up_to_party, turn_min, " \
    "buffer_before_min, buffer_after_min, min_notice_min, window_days, min_party, max_party, "    \
    "oversize_cap, pacing_parties, pacing_covers, house_pacing_parties, house_pacing_covers, "    \
    "cancellation_cutoff_min, no_show_grace_min, paused_until, created_at, updated_at, version, " \
    "rating, review_count"
// The same as values of the alias `t`: the arrays inside come as text.
#define QTABLE_RESTAURANT_VALUES                                                                \
    "t.id, t.name, t.is_public, t.description, t.cuisine_type, t.price_range, t.latitude, "     \
    "t.longitude, t.phone, t.website, t.address, t.timezone, t.hours_monday, t.hours_tuesday, " \
    "t.hours_wednesday, t.hours_thursday, t.hours_friday, t.hours_saturday, t.hours_sunday, "   \
    "t.slot_interval_min, t.turn_up_to_party::integer[], t.turn_min::integer[], "               \
    "t.buffer_before_min, t.buffer_after_min, t.min_notice_min, t.window_days, t.min_party, "   \
    "t.max_party, t.oversize_cap, t.pacing_parties, t.pacing_covers, t.house_pacing_parties, "  \
    "t.house_pacing_covers, t.cancellation_cutoff_min, t.no_show_grace_min, t.paused_until, "   \
    "t.created_at, t.updated_at, t.version, t.rating, t.review_count"
#define QTABLE_RESTAURANT_ARRAYS                                                                   \
    "$1::uuid[], $2::text[], $3::boolean[], $4::text[], $5::text[], $6::smallint[], "              \
    "$7::float8[], $8::float8[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], " \
    "$14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], "               \
    "$20::integer[], $21::text[], $22::text[], $23::integer[], $24::integer[], $25::integer[], "   \
    "$26::integer[], $27::integer[], $28::integer[], $29::integer[], $30::integer[], "             \
    "$31::integer[], $32::integer[], $33::integer[], $34::integer[], $35::integer[], "             \
    "$36::timestamptz[], $37::timestamptz[], $38::timestamptz[], $39::bigint[], $40::float8[], "   \
    "$41::integer[]"

// Reads QTABLE_RESTAURANT_COLUMNS. Without special days, tables, combinations and staff.
restaurant read_restaurant(const row& from);
constexpr int restaurant_columns = 41;

// The server wrote these texts itself; one that doesn't parse is a day on which nothing may be booked.
day_hours hours_or_closed(std::string_view text);

#define QTABLE_RESERVATION_COLUMNS                                                                \
    "id, restaurant_id, customer_id, date, start_minute, party_size, status, special_requests, "  \
    "table_ids, slot_id, starts_at, ends_at, blocks_from, blocks_until, created_at, updated_at, " \
    "confirmation_code, checked_in_at, guest_id, version, running_late_min, late_flagged_at"
// The same of the alias `r`.
#define QTABLE_RESERVATION_COLUMNS_OF_R                                                      \
    "r.id, r.restaurant_id, r.customer_id, r.date, r.start_minute, r.party_size, r.status, " \
    "r.special_requests, r.table_ids, r.slot_id, r.starts_at, r.ends_at, r.blocks_from, "    \
    "r.blocks_until, r.created_at, r.updated_at, r.confirmation_code, r.checked_in_at, "     \
    "r.guest_id, r.version, r.running_late_min, r.late_flagged_at"
void add_reservations(params& to, std::span<const reservation* const> what);
#define QTABLE_RESERVATION_ARRAYS                                                                \
    "$1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::integer[], $6::integer[], $7::text[], " \
    "$8::text[], $9::text[], $10::uuid[], $11::timestamptz[], $12::timestamptz[], "              \
    "$13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], "           \
    "$17::text[], $18::timestamptz[], $19::uuid[], $20::bigint[], $21::integer[], "              \
    "$22::timestamptz[]"
reservation read_reservation(const row& from);
constexpr int reservation_columns = 22;

// "{…,…}": one element of an array of arrays, which PostgreSQL can't unnest by rows.
template <class Id>
std::string array_text(const std::vector<Id>& ids) {
    std::string out = "{";
    out.reserve(2 + ids.size() * 37);
    for (const Id& id : ids) {
        if (out.size() > 1) out += ',';
        std::array<char, 36> text;
        format_uuid(id, text.data());
        out.append(text.data(), text.size());
    }
    return out += '}';
}

}  // namespace qtable::storage
