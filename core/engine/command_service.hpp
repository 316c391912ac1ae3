// What is asked of a restaurant's owner while it serves: holds, arrivals, guests and the waitlist, and the
// questions that its memory answers. Plain values, as core/engine/command.hpp says. Questions (read_*) change
// nothing; they go through the commit gate all the same, so that they tell only what is durable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/time.hpp"
#include "core/model/guest.hpp"
#include "core/model/reasons.hpp"
#include "core/model/reservation.hpp"

namespace qtable {

// ---- holds

// Takes the place of the customer's other hold at this restaurant, atomically: when the new one is not to be
// had the old one stands.
struct create_hold {
    hold_id id;
    customer_id customer;
    qtable::date date;
    int minute = 0;  // of the wall clock, 0–1439
    int party_size = 0;
    std::int64_t lasts_ms = limits::hold_ms;
};

// Answered 204; again: the same.
struct release_hold {
    hold_id id;
    customer_id customer;
};

// The customer's holds here, {"items":[…]}; with `id` that one, or not_found.
struct read_holds {
    customer_id customer;
    std::optional<hold_id> id;
};

// ---- a customer's day

struct check_in {
    reservation_id id;
    customer_id customer;
};

struct running_late {
    reservation_id id;
    customer_id customer;
    int minutes = 0;  // 0 = not late after all
};

// ---- staff and reservations

// Which tables staff name: some tables, or a combination; neither = the house chooses (seat) or keeps.
struct table_choice {
    std::vector<table_id> tables;
    std::optional<combination_id> combination;
    bool empty() const noexcept { return tables.empty() && !combination; }
};

// All that staff do to a reservation; what is set happens, all of it or nothing. `to`: seated makes the
// guest, completed ends it, confirmed undoes a no-show, cancelled and no_show give the tables back. Tables
// without a move assign. Reasons in `overrides` don't count (never no_table).
struct serve_reservation {
    reservation_id id;
    std::optional<reservation_status> to;
    table_choice where;
    std::optional<qtable::date> date;
    std::optional<int> minute;
    std::optional<int> party_size;
    std::optional<std::string> special_requests;
    std::optional<int> stay_min;  // seated: how long it will stay; else its turn time
    reasons overrides;
    std::optional<std::int64_t> if_version;
    // For the guest that seating makes.
    guest_id guest;
    std::string guest_name;
    std::string guest_phone;
};

// ---- guests

// `quoted_min` unset on a waitlist: the estimate's median is its quote.
struct add_guest {
    guest_id id;
    std::string name;
    std::string phone;
    int party_size = 0;
    guest_source source = guest_source::walk_in;
    std::optional<customer_id> customer;
    std::optional<int> quoted_min;
    std::string notes;
};

struct change_guest {
    guest_id id;
    std::optional<std::string> name;
    std::optional<std::string> phone;
    std::optional<int> party_size;
    std::optional<int> quoted_min;
    std::optional<std::string> notes;
    std::optional<std::int64_t> if_version;
};

// Moves a guest: notified, seated (at `where`, or the smallest free table that fits), completed, left,
// no_show. With `customer` set it must be that customer's.
struct serve_guest {
    guest_id id;
    guest_status to = guest_status::left;
    table_choice where;
    std::optional<int> stay_min;
    reasons overrides;
    std::optional<customer_id> customer;
    std::optional<std::int64_t> if_version;
};

// Not while it is seated.
struct remove_guest {
    guest_id id;
    std::optional<std::int64_t> if_version;
};

// The table is ready for the next party: who sits there is completed, dirty and reserved end.
struct clear_table {
    table_id id;
    std::optional<std::int64_t> if_version;
};

// The person's data goes: coming reservations are cancelled, requests, names and phones emptied.
struct forget_customer {
    customer_id customer;
};

// ---- time passing: sent by the engine itself when something is due
struct tick {};

// ---- questions

struct read_floor {};

struct read_dashboard {
    std::optional<qtable::date> date;  // none = today
};

struct read_guests {
    std::optional<guest_status> status;
    bool only_open = false;
    std::optional<guest_id> after;  // in order of creation
    int limit = 20;
};

struct read_guest {
    guest_id id;
    std::optional<customer_id> customer;  // whose it must be
};

struct read_wait_quotes {
    std::vector<int> party_sizes;
};

}  // namespace qtable
