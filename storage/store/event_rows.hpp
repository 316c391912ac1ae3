// Log rows as they are read. Stateless, any thread.
#pragma once

#include "core/event/event.hpp"
#include "storage/pg/row.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

#define QTABLE_EVENT_COLUMNS                                                                               \
    "e.restaurant_id, e.seq, e.public_seq, e.type, e.at, e.actor_kind, e.actor_id, e.command_id, e.data, " \
    "e.subject_id, e.action, e.overrides"
constexpr int event_columns = 12;

namespace event_sql {
extern const statement since;         // $1 = restaurant, $2 = seq, $3 = limit
extern const statement public_since;  // the same by public_seq
// $1 = restaurants, $2 = the seq after which each wants them, $3 = at most so many of the newest
extern const statement missed;
}  // namespace event_sql

// Reads QTABLE_EVENT_COLUMNS.
logged_event read_event(const row& from);

}  // namespace qtable::storage
