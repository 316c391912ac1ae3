// What a restaurant's log keeps: one event per committed change, numbered without gaps. Plain values, any
// core. The log is the resume buffer of the sockets, the activity history, and the fence against a second
// writer: (restaurant, seq) is unique in the database, so two writers can't both append seq n.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable {

enum class event_type : std::uint8_t {
    customer_reservation_received,
    customer_reservation_updated,
    customer_reservation_cancelled,
    customer_checked_in,
    availability_updated,
    guest_created,
    guest_updated,
    guest_deleted,
    table_updated,
    settings_changed,
    count_
};

std::string_view to_string(event_type type) noexcept;
// `count_` when the word is none of them.
event_type parse_event_type(std::string_view text) noexcept;

// What customers hear of their own reservations on /ws/customer.
enum class customer_event_type : std::uint8_t {
    reservation_confirmed,
    reservation_updated,
    reservation_cancelled,
    table_ready,
    estimated_wait_time,
    hold_expired,
    waitlist_updated,
    count_
};

std::string_view to_string(customer_event_type type) noexcept;

// Who did something: told in the log, checked nowhere in core.
struct actor {
    enum class kind : std::uint8_t { system, customer, staff };
    kind what = kind::system;
    uuid id;
};

// One row of the log. `data` is JSON: the resource as it became, or, for availability_updated, the window of
// starts whose values may have changed ({"date","from","until"}; {"date":null} = all): the values are read
// when the event is told.
struct logged_event {
    restaurant_id restaurant;
    std::int64_t seq = 0;
    std::int64_t public_seq = 0;  // its number in the public stream; 0 = not public
    event_type type = event_type::settings_changed;
    instant at;
    actor by;
    command_id command;
    std::string data;
    uuid subject{};  // the reservation, guest, table, … that it is about; nil: the restaurant as a whole
    std::string action;     // what was done, for the activity list: "reservation.seat", "table.delete", …
    std::string overrides;  // reasons that staff set aside, as words with commas; mostly empty
};

// Starts of one business day whose availability may have changed: minutes of the wall clock, half-open.
struct availability_window {
    qtable::date date;
    int from_min = 0;
    int until_min = 0;
    friend bool operator==(const availability_window&, const availability_window&) = default;
};

}  // namespace qtable
