#include "storage/store/event_rows.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/assert.hpp"
#include "storage/store/restaurant_rows.hpp"

namespace qtable::storage {

namespace event_sql {

const statement since{"events_since",
                      "select " QTABLE_EVENT_COLUMNS
                      " from restaurant_events e "
                      "where e.restaurant_id = $1 and e.seq >= $2 order by e.seq limit $3 + 1"};

const statement public_since{
    "public_events_since",
    "select " QTABLE_EVENT_COLUMNS
    " from (select * from restaurant_events p where p.restaurant_id = $1 and p.public_seq > $2 "
    "order by p.seq desc limit (select greatest(l.public_seq - $2, 0) from restaurant_events l "
    "where l.restaurant_id = $1 and l.public_seq > 0 order by l.seq desc limit 1)) e order by e.seq limit "
    "$3"};

const statement missed{
    "events_missed",
    "select " QTABLE_EVENT_COLUMNS
    ", t.since from unnest($1::uuid[], $2::bigint[]) as t(restaurant_id, since) "
    "cross join lateral (select * from restaurant_events m "
    "where m.restaurant_id = t.restaurant_id and m.seq >= t.since order by m.seq desc limit $3) e "
    "order by e.restaurant_id, e.seq"};

// One statement, so one snapshot: the reservations are as the last of the rows left them.
const statement changed{
    "events_changed",
    "select " QTABLE_EVENT_COLUMNS
    ", t.since, x.id, x.log_epoch, s.* from unnest($1::uuid[], $2::bigint[]) as t(restaurant_id, since) "
    "join restaurants x on x.id = t.restaurant_id and x.deleted_at is null "
    "left join lateral (select * from restaurant_events m "
    "where m.restaurant_id = t.restaurant_id and m.seq >= t.since - 1 order by m.seq desc limit $3) e on "
    "true "
    "left join lateral (select " QTABLE_RESERVATION_COLUMNS
    " from customer_reservations where restaurant_id = e.restaurant_id and id = e.subject_id and e.seq > "
    "t.since) s on true order by x.id, e.seq"};

}  // namespace event_sql

namespace {

actor::kind kind_of(std::string_view word) noexcept {
    if (word == "customer") return actor::kind::customer;
    if (word == "staff") return actor::kind::staff;
    return actor::kind::system;
}

}  // namespace

bool share_row(const logged_event& first, const logged_event& second) noexcept {
    return second.type == event_type::availability_updated &&
           first.type != event_type::availability_updated && first.public_seq == 0 && second.public_seq > 0 &&
           second.seq == first.seq + 1 && second.restaurant == first.restaurant &&
           second.command == first.command && second.at == first.at && second.by.what == first.by.what &&
           second.by.id == first.by.id && second.action == first.action && second.subject.is_nil() &&
           second.overrides.empty();
}

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
    if (from.get<std::optional<std::string_view>>(12)) out.public_seq = 0;  // the other's
    return out;
}

void read_events(const row& from, std::int64_t since_seq, std::vector<logged_event>& into) {
    logged_event first = read_event(from);
    auto windows = from.get<std::optional<std::string>>(12);
    std::optional<logged_event> second;
    if (windows && first.seq + 1 > since_seq) {
        second = logged_event{};
        second->restaurant = first.restaurant;
        second->seq = first.seq + 1;
        second->public_seq = from.get<std::int64_t>(2);
        second->type = event_type::availability_updated;
        second->at = first.at;
        second->by = first.by;
        second->command = first.command;
        second->data = std::move(*windows);
        second->action = first.action;
    }
    if (first.seq > since_seq) into.push_back(std::move(first));
    if (second) into.push_back(std::move(*second));
}

}  // namespace qtable::storage
