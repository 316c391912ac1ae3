// THE feasibility function: can this party sit at this start, at which tables, and if not, why not.
// Availability, search, holds, create, change, staff and walk-ins all end here: `inventory::check` asks it
// for one party with a clock, the publication asks its part without a clock (`judge_capacity`) for every
// cell, readers add `clock_reasons`. Pure functions; any core.
#pragma once

#include <optional>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/inventory/cell.hpp"
#include "core/inventory/floor_plan.hpp"
#include "core/inventory/opening_plan.hpp"
#include "core/inventory/restaurant_view.hpp"
#include "core/model/reasons.hpp"

namespace qtable {

// `online`: what guests book themselves, and what is published. `house`: what staff book and seat; notice,
// window, pause and the online pacing caps don't bind them.
enum class booking_channel : std::uint8_t { online, house };

struct ask {
    qtable::date date;  // the business day
    day_start start;    // from inventory::start_at
    int party_size = 0;
    instant now;
    // A reservation or claim whose own tables, slot and pacing don't count (moves, holds).
    std::optional<uuid> ignoring;
    booking_channel channel = booking_channel::online;
    reasons overrides;  // reasons that staff set aside this time; no_table can't be: a party always fits
};

struct verdict {
    qtable::reasons reasons;      // all that apply
    int available_tables = 0;     // 0 if and only if there are reasons
    chosen_tables tables;         // indexes of the floor plan; empty where the restaurant has no tables
    std::optional<slot_id> slot;  // the published slot that it counts against
    instant starts_at;
    instant ends_at;
    instant blocks_from;
    instant blocks_until;

    bool is_available() const noexcept { return reasons.none(); }
};

struct pacing_load {
    int parties = 0;
    int covers = 0;
    friend bool operator==(const pacing_load&, const pacing_load&) = default;
};

// The smallest published slot that fits the party at that start.
struct slot_offer {
    slot_id id;
    int left = 0;
    bool is_open = true;
};

struct capacity {
    reasons why;     // no_table, pacing, closed, blocked
    int tables = 0;  // that are to be had, pacing and closing aside

    cell published() const noexcept { return why.none() ? cell::available(tables) : cell::refused(why); }
};

// For a party of at least 1. `free`: the tables that are free for the whole stay.
capacity judge_capacity(const restaurant_view& view, int room_min, int party_size, const table_set& free,
                        pacing_load load, const std::optional<slot_offer>& slot,
                        booking_channel channel = booking_channel::online) noexcept;

// Whether one more party is too much beside `load`. Online is bound by its own caps and by the house's.
bool is_paced_out(const booking_rules& rules, pacing_load load, int party_size,
                  booking_channel channel) noexcept;
bool has_pacing(const booking_rules& rules) noexcept;

// For a party that nothing was published for, where a restaurant without tables offers just published slots.
reasons no_slot_reasons() noexcept;

// The largest party online for which capacity matters: a larger one is refused by party_reasons alone.
int judged_party_sizes(const restaurant_view& view) noexcept;

// What rules and floor plan say of the party's size alone.
reasons party_reasons(const restaurant_view& view, int party_size) noexcept;

// What depends on the clock; `today` is the restaurant's local date at `now`.
reasons clock_reasons(const restaurant_view& view, date today, date day, instant starts_at, instant now,
                      booking_channel channel = booking_channel::online) noexcept;

}  // namespace qtable
