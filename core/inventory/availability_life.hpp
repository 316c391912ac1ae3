// How long an availability answer stays as it is: the published state that it was made from, and the stretch
// of time in which no clock rule changes its mind. Two answers for one day with an equal state and at moments
// of one stretch are the same bytes, so one may be kept and given again. Plain values; any core. No lock, no
// allocation.
#pragma once

#include <cstdint>
#include <optional>

#include "core/inventory/live_restaurant.hpp"

namespace qtable {

struct published_state {
    std::uint64_t generation = 0;  // of the board index
    std::uint64_t sequence = 0;    // of the day's board; 0 without one
    friend bool operator==(const published_state&, const published_state&) = default;
};

struct availability_life {
    published_state state;
    instant after, until;  // holds for after < now <= until

    bool holds_at(instant now) const noexcept { return after < now && now <= until; }
};

// Nothing for a restaurant that isn't published, or while the day's board is being written. An answer that is
// made after this call shows at least this state.
std::optional<published_state> published_state_of(const live_restaurant& live, date day) noexcept;

// Of an answer for `day` that is made after this call, at `now`. Walks the day's starts.
std::optional<availability_life> life_of_answer(const live_restaurant& live, date day, instant now) noexcept;

}  // namespace qtable
