// What may be asked of a restaurant's owner, one struct per intent. Validated for form by whoever sends it;
// whether it is possible now is decided by the owner. Ids that a command may create are made by the sender:
// core has no randomness. Plain values; an envelope is moved to the owner's core and answered exactly once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/zone.hpp"
#include "core/engine/command_configuration.hpp"
#include "core/engine/command_service.hpp"
#include "core/event/event.hpp"
#include "core/model/reservation.hpp"
#include "core/model/restaurant.hpp"
#include "core/model/slot.hpp"
#include "core/model/table.hpp"

namespace qtable {

struct create_reservation {
    reservation_id id;
    customer_id customer;
    qtable::date date;
    int minute = 0;  // of the wall clock, 0–1439
    int party_size = 0;
    std::string special_requests;
    std::optional<hold_id> hold;
    std::string confirmation_code;
};

struct change_reservation {
    reservation_id id;
    customer_id customer;  // whose it must be
    std::optional<qtable::date> date;
    std::optional<int> minute;
    std::optional<int> party_size;
    std::optional<std::string> special_requests;
    std::optional<std::int64_t> if_version;
};

struct cancel_reservation {
    reservation_id id;
    customer_id customer;
    std::optional<std::int64_t> if_version;
};

struct publish_slots {
    std::vector<slot>
        slots;  // with fresh ids; an existing (date, minute, party size) keeps its own and is replaced
};

struct change_slot {
    slot_id id;
    std::optional<int> available_tables;
    std::optional<bool> is_available;
    std::optional<std::int64_t> if_version;
};

struct create_table {
    qtable::table table;
};

struct change_table {
    table_id id;
    std::optional<std::string> label;
    std::optional<int> capacity;
    std::optional<int> min_party;
    std::optional<std::string> section;
    std::optional<double> x;
    std::optional<double> y;
    std::optional<std::string> shape;
    std::optional<table_status> status;
    std::optional<std::int64_t> if_version;
};

struct delete_table {
    table_id id;
    std::optional<std::int64_t> if_version;
};

// Command structs of the floor's service and of the configuration: command_service.hpp,
// command_configuration.hpp.

struct create_restaurant {
    restaurant_profile profile;
    booking_rules rules;
    staff_id owner;
    std::shared_ptr<const qtable::zone> zone;
    std::uint64_t log_epoch = 0;  // random: names the event log
};

struct change_restaurant {
    std::optional<restaurant_profile> profile;  // whole: the sender applied the patch to what it saw
    std::optional<std::int64_t> if_version;
    std::int64_t seen_version = 0;             // which profile the patch was applied to
    std::shared_ptr<const qtable::zone> zone;  // of the profile's time zone
};

using command_body =
    std::variant<create_reservation, change_reservation, cancel_reservation, publish_slots, change_slot,
                 create_table, change_table, delete_table, create_restaurant, change_restaurant,
                 // command_service.hpp
                 create_hold, release_hold, check_in, running_late, serve_reservation, add_guest,
                 change_guest, serve_guest, remove_guest, clear_table, forget_customer, tick, read_holds,
                 read_floor, read_dashboard, read_guests, read_guest, read_wait_quotes,
                 // command_configuration.hpp
                 sync_tables, put_combination, delete_combination, change_rules, put_special_day,
                 delete_special_day, pause_bookings, change_staff, record_review, delete_restaurant>;

// The Idempotency-Key of a request, to be stored with what it creates.
struct receipt_request {
    uuid actor;
    std::string route;
    std::string key;
    std::array<std::uint8_t, 16> body_hash{};
    friend bool operator==(const receipt_request&, const receipt_request&) = default;
};

// Where the answer goes: opaque to core.
struct reply_address {
    std::uint32_t core = 0;
    std::uint64_t ticket = 0;
};

struct command_envelope {
    // Not implicit: a variant of forty is costly to compile in every file that passes commands on.
    command_envelope();
    command_envelope(const command_envelope&);
    command_envelope(command_envelope&&) noexcept;
    command_envelope& operator=(const command_envelope&);
    command_envelope& operator=(command_envelope&&) noexcept;
    ~command_envelope();

    command_id id;
    restaurant_id restaurant;
    actor by;
    std::optional<receipt_request> receipt;
    reply_address reply_to;
    command_body body;
};

}  // namespace qtable
