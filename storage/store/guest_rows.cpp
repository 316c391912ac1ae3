#include "storage/store/guest_rows.hpp"

#include "core/base/assert.hpp"
#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

namespace {

// A guest that never sat down takes nothing: both ends are NULL then.
std::optional<instant> end_of_block(const guest& of, instant end) {
    if (of.blocks_from == of.blocks_until) return std::nullopt;
    return end;
}

}  // namespace

void add_guests(params& to, std::span<const guest_row* const> what) {
    using pointer = const guest_row*;
    to.add_array(what, [](pointer r) { return r->what.id; });
    to.add_array(what, [](pointer r) { return r->restaurant; });
    to.add_array(what, [](pointer r) -> std::string_view { return r->what.name; });
    to.add_array(what, [](pointer r) -> std::string_view { return r->what.phone; });
    to.add_array(what, [](pointer r) { return r->what.party_size; });
    to.add_array(what, [](pointer r) { return to_string(r->what.source); });
    to.add_array(what, [](pointer r) { return r->what.reservation; });
    to.add_array(what, [](pointer r) { return r->what.customer; });
    to.add_array(what, [](pointer r) { return to_string(r->what.status); });
    to.add_array(what, [](pointer r) { return array_text(r->what.tables); });
    to.add_array(what, [](pointer r) { return end_of_block(r->what, r->what.blocks_from); });
    to.add_array(what, [](pointer r) { return end_of_block(r->what, r->what.blocks_until); });
    to.add_array(what, [](pointer r) { return r->what.quoted_min; });
    to.add_array(what, [](pointer r) -> std::string_view { return r->what.notes; });
    to.add_array(what, [](pointer r) { return r->what.created_at; });
    to.add_array(what, [](pointer r) { return r->what.updated_at; });
    to.add_array(what, [](pointer r) { return r->what.notified_at; });
    to.add_array(what, [](pointer r) { return r->what.seated_at; });
    to.add_array(what, [](pointer r) { return r->what.left_at; });
    to.add_array(what, [](pointer r) { return r->what.version; });
}

guest read_guest(const row& from) {
    guest out;
    out.id = from.get<guest_id>(0);
    out.name = from.get<std::string>(2);
    out.phone = from.get<std::string>(3);
    out.party_size = from.get<std::int32_t>(4);
    const auto source = parse_guest_source(from.get<std::string_view>(5));
    const auto status = parse_guest_status(from.get<std::string_view>(8));
    QTABLE_ASSERT(source && status);  // the table has checks on them
    out.source = *source;
    out.reservation = from.get<std::optional<reservation_id>>(6);
    out.customer = from.get<std::optional<customer_id>>(7);
    out.status = *status;
    out.tables = from.get<std::vector<table_id>>(9);
    out.blocks_from = from.get<std::optional<instant>>(10).value_or(instant{});
    out.blocks_until = from.get<std::optional<instant>>(11).value_or(instant{});
    out.quoted_min = from.get<std::optional<std::int32_t>>(12);
    out.notes = from.get<std::string>(13);
    out.created_at = from.get<instant>(14);
    out.updated_at = from.get<instant>(15);
    out.notified_at = from.get<std::optional<instant>>(16);
    out.seated_at = from.get<std::optional<instant>>(17);
    out.left_at = from.get<std::optional<instant>>(18);
    out.version = from.get<std::int64_t>(19);
    return out;
}

}  // namespace qtable::storage
