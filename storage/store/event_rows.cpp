#include "storage/store/event_rows.hpp"

#include "core/base/assert.hpp"

namespace qtable::storage {

namespace event_sql {

const statement since{"events_since", "select " QTABLE_EVENT_COLUMNS
                                      " from restaurant_events e "
                                      "where e.restaurant_id = $1 and e.seq > $2 order by e.seq limit $3"};

const statement public_since{
    "public_events_since",
    "select " QTABLE_EVENT_COLUMNS
    " from restaurant_events e "
    "where e.restaurant_id = $1 and e.public_seq > 0 and e.public_seq > $2 order by e.public_seq limit $3"};

const statement missed{
    "events_missed",
    "select " QTABLE_EVENT_COLUMNS
    " from unnest($1::uuid[], $2::bigint[]) as t(restaurant_id, since) "
    "cross join lateral (select * from restaurant_events m "
    "where m.restaurant_id = t.restaurant_id and m.seq > t.since order by m.seq desc limit $3) e "
    "order by e.restaurant_id, e.seq"};

}  // namespace event_sql

namespace {

actor::kind kind_of(std::string_view word) noexcept {
    if (word == "customer") return actor::kind::customer;
    if (word == "staff") return actor::kind::staff;
    return actor::kind::system;
}

}  // namespace

logged_event read_event(const row& from) {
    logged_event out;
    out.restaurant = from.get<restaurant_id>(0);
    out.seq = from.get<std::int64_t>(1);
    out.public_seq = from.get<std::int64_t>(2);
    out.type = parse_event_type(from.get<std::string_view>(3));
    QTABLE_ASSERT(out.type != event_type::count_);
    out.at = from.get<instant>(4);
    out.by.what = kind_of(from.get<std::string_view>(5));
    out.by.id = from.get<uuid>(6);
    out.command = from.get<command_id>(7);
    out.data = from.get<std::string>(8);
    out.subject = from.get<std::optional<uuid>>(9).value_or(uuid{});
    out.action = from.get<std::string>(10);
    out.overrides = from.get<std::string>(11);
    return out;
}

}  // namespace qtable::storage
