#include "storage/store/batch_configuration.hpp"

#include <algorithm>
#include <tuple>

#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

namespace {

constexpr statement insert_restaurants{"insert_restaurants",
                                       "insert into restaurants (" QTABLE_RESTAURANT_COLUMNS
                                       ", log_epoch, source_ref) "
                                       "select " QTABLE_RESTAURANT_VALUES
                                       ", t.log_epoch, t.source_ref from unnest(" QTABLE_RESTAURANT_ARRAYS
                                       ", $42::bigint[], $43::text[]) "
                                       "as t(" QTABLE_RESTAURANT_COLUMNS ", log_epoch, source_ref)"};

// Not when and as what it was made.
constexpr statement update_restaurants{
    "update_restaurants",
    "with changed as (update restaurants r set name = t.name, is_public = t.is_public, description = "
    "t.description, "
    "cuisine_type = t.cuisine_type, price_range = t.price_range, latitude = t.latitude, longitude = "
    "t.longitude, "
    "phone = t.phone, website = t.website, address = t.address, timezone = t.timezone, "
    "hours_monday = t.hours_monday, hours_tuesday = t.hours_tuesday, hours_wednesday = t.hours_wednesday, "
    "hours_thursday = t.hours_thursday, hours_friday = t.hours_friday, hours_saturday = t.hours_saturday, "
    "hours_sunday = t.hours_sunday, slot_interval_min = t.slot_interval_min, "
    "turn_up_to_party = t.turn_up_to_party::integer[], turn_min = t.turn_min::integer[], "
    "buffer_before_min = t.buffer_before_min, buffer_after_min = t.buffer_after_min, "
    "min_notice_min = t.min_notice_min, window_days = t.window_days, min_party = t.min_party, "
    "max_party = t.max_party, oversize_cap = t.oversize_cap, pacing_parties = t.pacing_parties, "
    "pacing_covers = t.pacing_covers, house_pacing_parties = t.house_pacing_parties, "
    "house_pacing_covers = t.house_pacing_covers, cancellation_cutoff_min = t.cancellation_cutoff_min, "
    "no_show_grace_min = t.no_show_grace_min, paused_until = t.paused_until, updated_at = t.updated_at, "
    "version = t.version, rating = t.rating, review_count = t.review_count "
    "from unnest(" QTABLE_RESTAURANT_ARRAYS ") as t(" QTABLE_RESTAURANT_COLUMNS
    ") where r.id = t.id and r.deleted_at is null returning 1) "
    "select expect_rows((select count(*) from changed), cardinality($1::uuid[]), 'restaurants_found')"};

// The row stays for the reservations and the log that name it.
constexpr statement delete_restaurants{
    "delete_restaurants",
    "with changed as (update restaurants r set deleted_at = t.at, updated_at = t.at, version = t.version "
    "from unnest($1::uuid[], $2::timestamptz[], $3::bigint[]) as t(id, at, version) "
    "where r.id = t.id and r.deleted_at is null returning 1) "
    "select expect_rows((select count(*) from changed), cardinality($1::uuid[]), 'restaurants_found')"};

constexpr statement insert_restaurant_staff{
    "insert_restaurant_staff",
    "insert into restaurant_staff (restaurant_id, staff_id, role) "
    "select * from unnest($1::uuid[], $2::uuid[], $3::text[]) "
    "on conflict (restaurant_id, staff_id) do update set role = excluded.role"};

constexpr statement delete_staff{
    "delete_restaurant_staff",
    "delete from restaurant_staff s using unnest($1::uuid[], $2::uuid[]) as t(restaurant_id, staff_id) "
    "where s.restaurant_id = t.restaurant_id and s.staff_id = t.staff_id"};

constexpr statement upsert_special_days{
    "upsert_special_days",
    "insert into special_days (restaurant_id, date, hours, note) "
    "select * from unnest($1::uuid[], $2::date[], $3::text[], $4::text[]) "
    "on conflict (restaurant_id, date) do update set hours = excluded.hours, note = excluded.note"};

constexpr statement delete_special_days{
    "delete_special_days",
    "delete from special_days d using unnest($1::uuid[], $2::date[]) as t(restaurant_id, date) "
    "where d.restaurant_id = t.restaurant_id and d.date = t.date"};

constexpr statement delete_tables{
    "delete_tables",
    "update restaurant_tables r set deleted_at = now(), version = t.version "
    "from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as t(restaurant_id, id, version) "
    "where r.restaurant_id = t.restaurant_id and r.id = t.id"};

// Labels are unique row by row, also while a statement runs: before two tables swap theirs, those that get
// another one put down the one they have.
constexpr statement park_labels{
    "park_table_labels",
    "update restaurant_tables r set label = 'id:' || r.id::text "
    "from unnest($1::uuid[], $2::uuid[], $3::text[]) as t(restaurant_id, id, label) "
    "where r.restaurant_id = t.restaurant_id and r.id = t.id and r.label <> t.label and r.deleted_at is "
    "null"};

constexpr statement upsert_tables{
    "upsert_tables",
    "insert into restaurant_tables (restaurant_id, id, label, capacity, min_party, section, x, y, shape, "
    "status, "
    "current_guest_id, version) "
    "select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::integer[], $6::text[], "
    "$7::float8[], "
    "$8::float8[], $9::text[], $10::text[], $11::uuid[], $12::bigint[]) "
    "on conflict (restaurant_id, id) do update set label = excluded.label, capacity = excluded.capacity, "
    "min_party = excluded.min_party, section = excluded.section, x = excluded.x, y = excluded.y, "
    "shape = excluded.shape, status = excluded.status, current_guest_id = excluded.current_guest_id, "
    "version = excluded.version"};

constexpr statement delete_combinations{
    "delete_combinations",
    "delete from table_combinations c using unnest($1::uuid[], $2::uuid[]) as t(restaurant_id, id) "
    "where c.restaurant_id = t.restaurant_id and c.id = t.id"};

constexpr statement upsert_combinations{
    "upsert_combinations",
    "insert into table_combinations (restaurant_id, id, label, capacity, min_party, version) "
    "select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::integer[], $6::bigint[]) "
    "on conflict (restaurant_id, id) do update set label = excluded.label, capacity = excluded.capacity, "
    "min_party = excluded.min_party, version = excluded.version"};

constexpr statement delete_members{
    "delete_combination_members",
    "delete from table_combination_members m using unnest($1::uuid[], $2::uuid[]) as t(restaurant_id, id) "
    "where m.restaurant_id = t.restaurant_id and m.combination_id = t.id"};

constexpr statement insert_members{
    "insert_combination_members",
    "insert into table_combination_members (restaurant_id, combination_id, table_id, position) "
    "select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[])"};

// What tells the things of one restaurant apart.
const date& key_of(const special_day& what) noexcept {
    return what.date;
}
const auto& key_of(const auto& what) noexcept {
    return what.id;
}

template <class Row>
std::vector<const Row*> pick(const std::vector<Row>& rows, bool deleted) {
    std::vector<const Row*> out;
    for (const Row& row : rows) {
        if (row.is_deleted == deleted) out.push_back(&row);
    }
    std::sort(out.begin(), out.end(), [](const Row* a, const Row* b) {
        return std::tie(a->restaurant, key_of(a->what)) < std::tie(b->restaurant, key_of(b->what));
    });
    return out;
}

template <class Row>
params keys_of(const std::vector<const Row*>& rows) {
    params with;
    with.add_array(rows, [](const Row* r) { return r->restaurant; }).add_array(rows, [](const Row* r) {
        return key_of(r->what);
    });
    return with;
}

// A swap of labels needs two tables of one restaurant.
bool has_neighbours(const std::vector<const table_row*>& sorted) {
    return std::adjacent_find(sorted.begin(), sorted.end(), [](const table_row* a, const table_row* b) {
               return a->restaurant == b->restaurant;
           }) != sorted.end();
}

struct member_row {
    restaurant_id restaurant;
    combination_id combination;
    table_id table;
    int position = 0;
};

}  // namespace

void add_changed_restaurants(unit& to, std::span<const restaurant* const> what) {
    if (what.empty()) return;
    params with;
    add_restaurants(with, what);
    to.add(update_restaurants, std::move(with));
}

void add_new_restaurants(unit& to, std::span<const new_restaurant> what) {
    if (what.empty()) return;
    std::vector<const restaurant*> rows;
    for (const new_restaurant& added : what) rows.push_back(added.what);
    params with;
    add_restaurants(with, rows);
    with.add_array(what, [](const new_restaurant& r) { return static_cast<std::int64_t>(r.log_epoch); })
        .add_array(what, [](const new_restaurant& r) {
            return r.source_ref.empty() ? std::nullopt : std::optional(r.source_ref);
        });
    to.add(insert_restaurants, std::move(with));
    std::vector<staff_row> staff;
    for (const restaurant* each : rows) {
        for (const staff_member& member : each->staff) staff.push_back({each->id, member, false});
    }
    add_staff(to, staff);
}

void add_staff(unit& to, const std::vector<staff_row>& what) {
    using pointer = const staff_row*;
    if (const auto deleted = pick(what, true); !deleted.empty()) to.add(delete_staff, keys_of(deleted));
    const auto rows = pick(what, false);
    if (rows.empty()) return;
    params with = keys_of(rows);
    with.add_array(rows, [](pointer r) { return to_string(r->what.role); });
    to.add(insert_restaurant_staff, std::move(with));
}

void add_special_days(unit& to, const std::vector<special_day_row>& what) {
    using pointer = const special_day_row*;
    if (const auto deleted = pick(what, true); !deleted.empty())
        to.add(delete_special_days, keys_of(deleted));
    const auto rows = pick(what, false);
    if (rows.empty()) return;
    params with = keys_of(rows);
    with.add_array(rows, [](pointer r) { return format_day_hours(r->what.hours); })
        .add_array(rows, [](pointer r) -> std::string_view { return r->what.note; });
    to.add(upsert_special_days, std::move(with));
}

void add_tables(unit& to, const std::vector<table_row>& what) {
    using pointer = const table_row*;
    // Deleted first: their labels may be given anew in the same batch. One that was made and deleted in
    // between was never here, so nothing is expected of this statement.
    if (const auto deleted = pick(what, true); !deleted.empty()) {
        params with = keys_of(deleted);
        with.add_array(deleted, [](pointer r) { return r->what.version; });
        to.add(delete_tables, std::move(with));
    }
    const auto rows = pick(what, false);
    if (rows.empty()) return;
    if (has_neighbours(rows)) {
        params labels = keys_of(rows);
        labels.add_array(rows, [](pointer r) -> std::string_view { return r->what.label; });
        to.add(park_labels, std::move(labels));
    }
    params with = keys_of(rows);
    with.add_array(rows, [](pointer r) -> std::string_view { return r->what.label; })
        .add_array(rows, [](pointer r) { return r->what.capacity; })
        .add_array(rows, [](pointer r) { return r->what.min_party; })
        .add_array(rows, [](pointer r) -> std::string_view { return r->what.section; })
        .add_array(rows, [](pointer r) { return r->what.x; })
        .add_array(rows, [](pointer r) { return r->what.y; })
        .add_array(rows, [](pointer r) -> std::string_view { return r->what.shape; })
        .add_array(rows, [](pointer r) { return to_string(r->what.status); })
        .add_array(rows, [](pointer r) { return r->what.current_guest_id; })
        .add_array(rows, [](pointer r) { return r->what.version; });
    to.add(upsert_tables, std::move(with));
}

void add_combinations(unit& to, const std::vector<combination_row>& what) {
    using pointer = const combination_row*;
    if (const auto deleted = pick(what, true); !deleted.empty())
        to.add(delete_combinations, keys_of(deleted));
    const auto rows = pick(what, false);
    if (rows.empty()) return;
    params with = keys_of(rows);
    with.add_array(rows, [](pointer r) -> std::string_view { return r->what.label; })
        .add_array(rows, [](pointer r) { return r->what.capacity; })
        .add_array(rows, [](pointer r) { return r->what.min_party; })
        .add_array(rows, [](pointer r) { return r->what.version; });
    to.add(upsert_combinations, std::move(with));
    to.add(delete_members, keys_of(rows));

    std::vector<member_row> members;
    for (pointer row : rows) {
        int position = 0;
        for (const table_id& table : row->what.table_ids) {
            members.push_back({row->restaurant, row->what.id, table, position++});
        }
    }
    if (members.empty()) return;
    params with_members;
    with_members.add_array(members, &member_row::restaurant)
        .add_array(members, &member_row::combination)
        .add_array(members, &member_row::table)
        .add_array(members, &member_row::position);
    to.add(insert_members, std::move(with_members));
}

void add_configuration(unit& to, const batch& what) {
    std::vector<const restaurant*> changed, deleted;
    std::vector<new_restaurant> added;
    for (const restaurant_row& row : what.restaurants) {
        if (row.is_new) added.push_back({row.what.get(), row.log_epoch, {}});
        if (row.is_deleted) {
            deleted.push_back(row.what.get());
        } else if (!row.is_new) {
            changed.push_back(row.what.get());
        }
    }
    const auto by_id = [](const restaurant* a, const restaurant* b) { return a->id < b->id; };
    std::sort(changed.begin(), changed.end(), by_id);
    std::sort(deleted.begin(), deleted.end(), by_id);
    std::sort(added.begin(), added.end(),
              [](const new_restaurant& a, const new_restaurant& b) { return a.what->id < b.what->id; });
    add_changed_restaurants(to, changed);
    add_new_restaurants(to, added);
    if (!deleted.empty()) {
        params with;
        with.add_array(deleted, [](const restaurant* r) { return r->id; })
            .add_array(deleted, [](const restaurant* r) { return r->updated_at; })
            .add_array(deleted, [](const restaurant* r) { return r->version; });
        to.add(delete_restaurants, std::move(with));
    }
    add_staff(to, what.staff);
    add_special_days(to, what.special_days);
    add_tables(to, what.tables);
    add_combinations(to, what.combinations);
}

}  // namespace qtable::storage
