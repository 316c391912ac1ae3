// A party on the floor: a walk-in, one of the waitlist, or a seated reservation. The chain of the house is
// reservation → guest → table. Plain values, any core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable {

enum class guest_source : std::uint8_t { walk_in, waitlist, reservation };
enum class guest_status : std::uint8_t { waiting, notified, seated, completed, left, no_show };

struct guest {
    guest_id id;
    std::string name;
    std::string phone;
    int party_size = 0;
    guest_source source = guest_source::walk_in;
    std::optional<reservation_id> reservation;  // set if and only if it is the source
    std::optional<customer_id> customer;        // who has an account and hears of it
    guest_status status = guest_status::waiting;
    std::vector<table_id> tables;  // sorted; those it was seated at, kept afterwards
    // What a seated guest takes them for, buffer included. A reservation's guest takes nothing itself: its
    // reservation does.
    instant blocks_from;
    instant blocks_until;
    std::optional<int> quoted_min;  // what it was told when it joined
    std::string notes;
    instant created_at;
    instant updated_at;
    std::optional<instant> notified_at;
    std::optional<instant> seated_at;
    std::optional<instant> left_at;  // completed, left or no_show
    std::int64_t version = 1;

    bool is_waiting() const noexcept {
        return status == guest_status::waiting || status == guest_status::notified;
    }
    bool is_open() const noexcept { return is_waiting() || status == guest_status::seated; }
    // Whether it takes its tables in its own name.
    bool takes_capacity() const noexcept {
        return status == guest_status::seated && source != guest_source::reservation && !tables.empty();
    }
};

std::string_view to_string(guest_source source) noexcept;
std::optional<guest_source> parse_guest_source(std::string_view text) noexcept;
std::string_view to_string(guest_status status) noexcept;
std::optional<guest_status> parse_guest_status(std::string_view text) noexcept;

// Whether `from → to` is a move of the contract; bit i of the mask = status i.
std::uint32_t allowed_moves(guest_status from) noexcept;
inline bool may_move(guest_status from, guest_status to) noexcept {
    return (allowed_moves(from) >> static_cast<unsigned>(to)) & 1U;
}

}  // namespace qtable
