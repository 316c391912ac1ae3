// A customer's reservation and the moves that its status may make. Plain values, any core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable {

enum class reservation_status : std::uint8_t { confirmed, cancelled, seated, completed, no_show };

struct reservation {
    reservation_id id;
    restaurant_id restaurant;
    customer_id customer;
    qtable::date date;  // the business day
    int minute = 0;     // the start on that day's wall clock; 1440 and more is after its midnight
    int party_size = 0;
    reservation_status status = reservation_status::confirmed;
    std::string special_requests;
    std::vector<table_id> tables;  // sorted; empty where the restaurant has no tables
    std::optional<slot_id> slot;   // the published slot that it counts against
    instant starts_at;
    instant ends_at;      // start + turn time
    instant blocks_from;  // what the tables are taken for: buffers included
    instant blocks_until;
    instant created_at;
    instant updated_at;
    std::string confirmation_code;
    std::optional<instant> checked_in_at;
    std::optional<guest_id> guest;
    std::optional<int> running_late_min;     // what the customer told
    std::optional<instant> late_flagged_at;  // staff were told that start + grace had passed
    std::int64_t version = 1;

    // Whether it occupies its tables (and its slot).
    bool takes_capacity() const noexcept {
        return status == reservation_status::confirmed || status == reservation_status::seated;
    }
};

std::string_view to_string(reservation_status status) noexcept;
std::optional<reservation_status> parse_reservation_status(std::string_view text) noexcept;

// Whether `from → to` is a move of the contract; bit i of the mask = status i.
std::uint32_t allowed_moves(reservation_status from) noexcept;
inline bool may_move(reservation_status from, reservation_status to) noexcept {
    return (allowed_moves(from) >> static_cast<unsigned>(to)) & 1U;
}

}  // namespace qtable
