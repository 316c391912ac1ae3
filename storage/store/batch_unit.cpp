#include "storage/store/batch_unit.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>

#include "storage/store/batch_configuration.hpp"
#include "storage/store/batch_parties.hpp"
#include "storage/store/event_rows.hpp"
#include "storage/store/sorted_rows.hpp"

namespace qtable::storage {

namespace {

constexpr statement insert_receipts{
    "insert_receipts",
    "insert into idempotency_receipts (actor_id, route, key, body_hash, status, body, location, version, at) "
    "select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::integer[], $6::text[], "
    "$7::text[], "
    "$8::bigint[], $9::timestamptz[])"};

constexpr statement insert_events{
    "insert_events",
    "insert into restaurant_events (restaurant_id, seq, public_seq, type, at, actor_kind, actor_id, "
    "command_id, data, subject_id, action, overrides, windows) "
    "select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::text[], "
    "$7::uuid[], $8::uuid[], $9::text[], $10::uuid[], $11::text[], $12::text[], $13::text[])"};

constexpr statement upsert_slots{
    "upsert_slots",
    "insert into availability_slots (restaurant_id, id, date, time_minute, party_size, available_tables, "
    "is_available, version) "
    "select * from unnest($1::uuid[], $2::uuid[], $3::date[], $4::integer[], $5::integer[], $6::integer[], "
    "$7::boolean[], $8::bigint[]) "
    "on conflict (restaurant_id, id) do update set date = excluded.date, time_minute = excluded.time_minute, "
    "party_size = excluded.party_size, available_tables = excluded.available_tables, "
    "is_available = excluded.is_available, version = excluded.version"};

constexpr statement count_slots{
    "count_slots",
    "with changed as (update availability_slots s set available_tables = s.available_tables + t.delta "
    "from unnest($1::uuid[], $2::uuid[], $3::integer[]) as t(restaurant_id, id, delta) "
    "where s.restaurant_id = t.restaurant_id and s.id = t.id returning 1) "
    "select expect_rows((select count(*) from changed), cardinality($1::uuid[]), "
    "'availability_slots_counted')"};

std::string_view word(actor::kind what) noexcept {
    switch (what) {
        case actor::kind::customer:
            return "customer";
        case actor::kind::staff:
            return "staff";
        case actor::kind::system:
            break;
    }
    return "system";
}

void add_slots(unit& to, const std::vector<slot_row>& slots) {
    if (slots.empty()) return;
    const auto rows = sorted(
        slots, [](const slot_row& r) { return std::tie(r.restaurant, r.what.id); }, all);
    using pointer = const slot_row*;
    params with;
    with.add_array(rows, [](pointer r) { return r->restaurant; })
        .add_array(rows, [](pointer r) { return r->what.id; })
        .add_array(rows, [](pointer r) { return r->what.date; })
        .add_array(rows, [](pointer r) { return r->what.minute; })
        .add_array(rows, [](pointer r) { return r->what.party_size; })
        .add_array(rows, [](pointer r) { return r->what.available_tables; })
        .add_array(rows, [](pointer r) { return r->what.is_available; })
        .add_array(rows, [](pointer r) { return r->what.version; });
    to.add(upsert_slots, std::move(with));
}

void add_slot_counts(unit& to, std::vector<slot_count_row> counts) {
    // An UPDATE … FROM takes only one of several rows for the same slot, so they are added up first.
    const auto key = [](const slot_count_row& r) { return std::tie(r.restaurant, r.slot); };
    std::sort(counts.begin(), counts.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    std::vector<slot_count_row> merged;
    for (const slot_count_row& row : counts) {
        if (!merged.empty() && key(merged.back()) == key(row)) {
            merged.back().delta += row.delta;
        } else {
            merged.push_back(row);
        }
    }
    std::erase_if(merged, [](const slot_count_row& row) { return row.delta == 0; });
    if (merged.empty()) return;
    params with;
    with.add_array(merged, &slot_count_row::restaurant)
        .add_array(merged, &slot_count_row::slot)
        .add_array(merged, &slot_count_row::delta);
    to.add(count_slots, std::move(with));
}

}  // namespace

void add_receipts(unit& to, const std::vector<receipt_row>& what) {
    if (what.empty()) return;
    const auto rows = sorted(
        what, [](const receipt_row& r) { return std::tie(r.request.actor, r.request.route, r.request.key); },
        all);
    using pointer = const receipt_row*;
    params with;
    with.add_array(rows, [](pointer r) { return r->request.actor; })
        .add_array(rows, [](pointer r) -> std::string_view { return r->request.route; })
        .add_array(rows, [](pointer r) -> std::string_view { return r->request.key; })
        .add_array(rows, [](pointer r) { return byte_view(r->request.body_hash); })
        .add_array(rows, [](pointer r) { return r->status; })
        .add_array(rows, [](pointer r) -> std::string_view { return r->body; })
        .add_array(rows, [](pointer r) -> std::string_view { return r->location; })
        .add_array(rows, [](pointer r) { return r->version; })
        .add_array(rows, [](pointer r) { return r->at; });
    to.add(insert_receipts, std::move(with));
}

namespace {

// A row of the log.
struct event_row {
    const logged_event* what = nullptr;
    const logged_event* windows = nullptr;  // the event that follows it in the same row
};

}  // namespace

void add_events(unit& to, const std::vector<logged_event>& what) {
    if (what.empty()) return;
    std::vector<event_row> rows;
    rows.reserve(what.size());
    for (const logged_event* event : sorted(
             what, [](const logged_event& e) { return std::tie(e.restaurant, e.seq); }, all)) {
        if (!rows.empty() && rows.back().windows == nullptr && share_row(*rows.back().what, *event)) {
            rows.back().windows = event;
        } else {
            rows.push_back({event, nullptr});
        }
    }
    const auto nothing = std::optional<std::string_view>();
    params with;
    with.add_array(rows, [](const event_row& r) { return r.what->restaurant; })
        .add_array(rows, [](const event_row& r) { return r.what->seq; })
        .add_array(rows, [](const event_row& r) { return (r.windows ? r.windows : r.what)->public_seq; })
        .add_array(rows, [](const event_row& r) { return to_string(r.what->type); })
        .add_array(rows, [](const event_row& r) { return r.what->at; })
        .add_array(rows, [](const event_row& r) { return word(r.what->by.what); })
        .add_array(rows, [](const event_row& r) { return r.what->by.id; })
        .add_array(rows, [](const event_row& r) { return r.what->command; })
        .add_array(rows, [](const event_row& r) -> std::string_view { return r.what->data; })
        .add_array(rows,
                   [](const event_row& r) {
                       return r.what->subject.is_nil() ? std::nullopt : std::optional(r.what->subject);
                   })
        .add_array(rows, [](const event_row& r) -> std::string_view { return r.what->action; })
        .add_array(rows, [](const event_row& r) -> std::string_view { return r.what->overrides; })
        .add_array(rows, [&](const event_row& r) {
            return r.windows ? std::optional<std::string_view>(r.windows->data) : nothing;
        });
    to.add(insert_events, std::move(with));
}

unit make_unit(const batch& what) {
    unit out;
    add_receipts(out, what.receipts);
    add_events(out, what.events);
    add_configuration(out, what);
    add_slots(out, what.slots);
    add_slot_counts(out, what.slot_counts);
    add_parties(out, what.reservations, what.guests);
    add_reviews(out, what.reviews);
    return out;
}

conflict_kind conflict_of(std::string_view constraint) noexcept {
    if (constraint == "idempotency_receipts_pkey") return conflict_kind::receipt_exists;
    if (constraint == "restaurant_tables_label_key") return conflict_kind::label_taken;
    if (constraint == "reviews_pkey") return conflict_kind::review_exists;
    if (constraint == "restaurant_events_pkey") return conflict_kind::seq_taken;
    return conflict_kind::other;
}

std::optional<restaurant_id> restaurant_in(std::string_view detail) noexcept {
    // The columns stand in the first parentheses, in whatever language the rest is; the restaurant leads.
    constexpr std::string_view first = "(restaurant_id", values = ")=(";
    const std::size_t columns = detail.find('(');
    if (columns == std::string_view::npos || !detail.substr(columns).starts_with(first)) return std::nullopt;
    detail.remove_prefix(columns + first.size());
    const std::size_t at = detail.find(values);
    if (at == std::string_view::npos || (at > 0 && detail.front() != ',')) return std::nullopt;
    const auto id = parse_uuid(detail.substr(at + values.size(), 36));
    return id ? std::optional(restaurant_id(*id)) : std::nullopt;
}

}  // namespace qtable::storage
