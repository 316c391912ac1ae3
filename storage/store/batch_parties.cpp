#include "storage/store/batch_parties.hpp"

#include <optional>
#include <tuple>

#include "storage/store/guest_rows.hpp"
#include "storage/store/restaurant_rows.hpp"
#include "storage/store/sorted_rows.hpp"

namespace qtable::storage {

namespace {

#define QTABLE_RESERVATION_ROWS                                                                       \
    "insert into customer_reservations (" QTABLE_RESERVATION_COLUMNS                                  \
    ") select t.id, t.restaurant_id, t.customer_id, t.date, t.start_minute, t.party_size, t.status, " \
    "t.special_requests, t.table_ids::uuid[], t.slot_id, t.starts_at, t.ends_at, t.blocks_from, "     \
    "t.blocks_until, t.created_at, t.updated_at, t.confirmation_code, t.checked_in_at, t.guest_id, "  \
    "t.version, "                                                                                     \
    "t.running_late_min, t.late_flagged_at from unnest(" QTABLE_RESERVATION_ARRAYS                    \
    ") as t(" QTABLE_RESERVATION_COLUMNS ")"

// A first version: nothing of it can be there. Cheaper than looking.
constexpr statement insert_reservations{"insert_reservations", QTABLE_RESERVATION_ROWS};

// A reservation that is there already is replaced by a later version only: an older one is a writer that lost
// touch.
constexpr statement upsert_reservations{
    "upsert_reservations",
    "with changed as (" QTABLE_RESERVATION_ROWS
    " on conflict (restaurant_id, id) do update set date = excluded.date, start_minute = "
    "excluded.start_minute, "
    "party_size = excluded.party_size, status = excluded.status, special_requests = "
    "excluded.special_requests, "
    "table_ids = excluded.table_ids, slot_id = excluded.slot_id, starts_at = excluded.starts_at, "
    "ends_at = excluded.ends_at, blocks_from = excluded.blocks_from, blocks_until = excluded.blocks_until, "
    "updated_at = excluded.updated_at, checked_in_at = excluded.checked_in_at, guest_id = excluded.guest_id, "
    "version = excluded.version, running_late_min = excluded.running_late_min, "
    "late_flagged_at = excluded.late_flagged_at where customer_reservations.version < excluded.version "
    "returning 1) "
    "select expect_rows((select count(*) from changed), cardinality($1::uuid[]), "
    "'customer_reservations_newer')"};

// The same for guests. Its reservation, its source and the moment that it was made don't change.
constexpr statement upsert_guests{
    "upsert_guests",
    "with changed as (insert into guests (" QTABLE_GUEST_COLUMNS
    ", deleted_at) select t.id, t.restaurant_id, t.name, t.phone, t.party_size, t.source, t.reservation_id, "
    "t.customer_id, t.status, t.table_ids::uuid[], t.blocks_from, t.blocks_until, t.quoted_minutes, t.notes, "
    "t.created_at, t.updated_at, t.notified_at, t.seated_at, t.left_at, t.version, t.deleted_at "
    "from unnest(" QTABLE_GUEST_ARRAYS ", $21::timestamptz[]) as t(" QTABLE_GUEST_COLUMNS
    ", deleted_at) on conflict (restaurant_id, id) do update set name = excluded.name, "
    "phone = excluded.phone, party_size = excluded.party_size, customer_id = excluded.customer_id, "
    "status = excluded.status, table_ids = excluded.table_ids, blocks_from = excluded.blocks_from, "
    "blocks_until = excluded.blocks_until, quoted_minutes = excluded.quoted_minutes, "
    "notes = excluded.notes, updated_at = excluded.updated_at, notified_at = excluded.notified_at, "
    "seated_at = excluded.seated_at, left_at = excluded.left_at, version = excluded.version, "
    "deleted_at = excluded.deleted_at where guests.version < excluded.version returning 1) "
    "select expect_rows((select count(*) from changed), cardinality($1::uuid[]), 'guests_newer')"};

// One order for both kinds of takers.
constexpr statement free_tables{
    "free_tables",
    "delete from reservation_tables r using unnest($1::uuid[], $2::uuid[]) as t(restaurant_id, "
    "reservation_id) "
    "where r.restaurant_id = t.restaurant_id and r.reservation_id = t.reservation_id"};

constexpr statement take_tables{
    "take_tables",
    "insert into reservation_tables (restaurant_id, reservation_id, table_id, during) "
    "select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::tstzrange[])"};

constexpr statement insert_reviews{
    "insert_reviews",
    "insert into reviews (restaurant_id, reservation_id, customer_id, rating, text, created_at) "
    "select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::text[], "
    "$6::timestamptz[])"};

// A reservation, or a guest that came without one.
struct taker {
    restaurant_id restaurant;
    uuid id;
    friend auto operator<=>(const taker&, const taker&) = default;
};

struct taken_table {
    restaurant_id restaurant;
    table_id table;
    time_range during;
    uuid by;
};

// Whose tables are to be given back before they are taken anew. A first version can't have taken anything
// before, a reservation's guest never does.
std::vector<taker> takers_before(const std::vector<reservation>& reservations,
                                 const std::vector<guest_row>& guests) {
    std::vector<taker> found;
    for (const reservation& r : reservations) {
        if (r.version > 1) found.push_back({r.restaurant, r.id});
    }
    for (const guest_row& row : guests) {
        const guest& g = row.what;
        if (g.version > 1 && g.source != guest_source::reservation && !g.tables.empty())
            found.push_back({row.restaurant, g.id});
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<taken_table> tables_taken(const std::vector<reservation>& reservations,
                                      const std::vector<guest_row>& guests) {
    std::vector<taken_table> taken;
    for (const reservation& r : reservations) {
        if (!r.takes_capacity()) continue;
        for (const table_id& table : r.tables)
            taken.push_back({r.restaurant, table, {r.blocks_from, r.blocks_until}, r.id});
    }
    for (const guest_row& row : guests) {
        const guest& g = row.what;
        if (row.is_deleted || !g.takes_capacity()) continue;
        for (const table_id& table : g.tables)
            taken.push_back({row.restaurant, table, {g.blocks_from, g.blocks_until}, g.id});
    }
    std::sort(taken.begin(), taken.end(), [](const taken_table& a, const taken_table& b) {
        return std::tie(a.restaurant, a.table, a.during.from) <
               std::tie(b.restaurant, b.table, b.during.from);
    });
    return taken;
}

void add_all_reservations(unit& to, const std::vector<reservation>& reservations) {
    if (reservations.empty()) return;
    const auto key = [](const reservation& r) { return std::tie(r.restaurant, r.id); };
    const auto add = [&](const statement& how, auto&& which) {
        const auto rows = sorted(reservations, key, which);
        if (rows.empty()) return;
        params with;
        add_reservations(with, rows);
        to.add(how, std::move(with));
    };
    add(insert_reservations, [](const reservation& r) { return r.version == 1; });
    add(upsert_reservations, [](const reservation& r) { return r.version != 1; });
}

void add_all_guests(unit& to, const std::vector<guest_row>& guests) {
    if (guests.empty()) return;
    const auto key = [](const guest_row& row) { return std::tie(row.restaurant, row.what.id); };
    const auto rows = sorted(guests, key, all);
    params with;
    add_guests(with, rows);
    with.add_array(rows, [](const guest_row* row) {
        return row->is_deleted ? std::optional(row->what.updated_at) : std::nullopt;
    });
    to.add(upsert_guests, std::move(with));
}

}  // namespace

void add_parties(unit& to, const std::vector<reservation>& reservations,
                 const std::vector<guest_row>& guests) {
    add_all_reservations(to, reservations);
    add_all_guests(to, guests);
    if (const auto before = takers_before(reservations, guests); !before.empty()) {
        params which;
        which.add_array(before, &taker::restaurant).add_array(before, &taker::id);
        to.add(free_tables, std::move(which));
    }
    const auto taken = tables_taken(reservations, guests);
    if (taken.empty()) return;
    params with;
    with.add_array(taken, &taken_table::restaurant)
        .add_array(taken, &taken_table::by)
        .add_array(taken, &taken_table::table)
        .add_array(taken, &taken_table::during);
    to.add(take_tables, std::move(with));
}

void add_reviews(unit& to, const std::vector<review>& what) {
    if (what.empty()) return;
    const auto rows = sorted(
        what, [](const review& r) { return std::tie(r.restaurant, r.reservation); }, all);
    using pointer = const review*;
    params with;
    with.add_array(rows, [](pointer r) { return r->restaurant; })
        .add_array(rows, [](pointer r) { return r->reservation; })
        .add_array(rows, [](pointer r) { return r->customer; })
        .add_array(rows, [](pointer r) { return static_cast<std::int16_t>(r->rating); })
        .add_array(rows, [](pointer r) -> std::string_view { return r->text; })
        .add_array(rows, [](pointer r) { return r->created_at; });
    to.add(insert_reviews, std::move(with));
}

}  // namespace qtable::storage
