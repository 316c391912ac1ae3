// Log rows as they are written and read. A row is one event, or two that one command made: a change with the
// seq of the row, and what it did to availability with the next (`windows` is its data, public_seq its
// number). The key is the first seq: of two writers that go on from the same one, one fails. Stateless, any
// thread.
#pragma once

#include <cstdint>
#include <vector>

#include "core/event/event.hpp"
#include "storage/pg/row.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

#define QTABLE_EVENT_COLUMNS                                                                               \
    "e.restaurant_id, e.seq, e.public_seq, e.type, e.at, e.actor_kind, e.actor_id, e.command_id, e.data, " \
    "e.subject_id, e.action, e.overrides, e.windows"
constexpr int event_columns = 13;

// The last seq of the log of `r`.
#define QTABLE_LAST_SEQ                                                                         \
    "coalesce((select e.seq + (e.windows is not null)::integer from restaurant_events e where " \
    "e.restaurant_id = r.id order by e.seq desc limit 1), 0)"

namespace event_sql {
extern const statement since;         // $1 = restaurant, $2 = seq, $3 = limit of rows
extern const statement public_since;  // the same by public_seq
// $1 = restaurants, $2 = the seq after which each wants them, $3 = at most so many of the newest rows. Says
// $2 again after the columns.
extern const statement missed;
// $1 and $2 as before; the rows from one before $2 on, at most $3 of the newest. After the columns: $2, the
// restaurant and its log's epoch, and the reservation that the row is about. Of each restaurant that exists
// at least one row, NULL where nothing is found.
extern const statement changed;
}  // namespace event_sql

// Whether `second` goes into the row of `first`.
bool share_row(const logged_event& first, const logged_event& second) noexcept;

// Reads QTABLE_EVENT_COLUMNS: the row's event, the change where there are two.
logged_event read_event(const row& from);
// Appends those of the row's events that come after `since_seq`.
void read_events(const row& from, std::int64_t since_seq, std::vector<logged_event>& into);

}  // namespace qtable::storage
