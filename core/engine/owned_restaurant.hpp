// Everything that the owner core keeps of one restaurant, and the decision of a command on it.
// Owner core only, but for `live`, which other cores read (core/inventory/live_restaurant.hpp): its address
// never changes.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/batch.hpp"
#include "core/engine/command.hpp"
#include "core/engine/ports.hpp"
#include "core/engine/reply.hpp"
#include "core/event/event_log.hpp"
#include "core/inventory/inventory.hpp"
#include "core/inventory/live_restaurant.hpp"
#include "core/model/guest.hpp"
#include "core/model/hold.hpp"
#include "core/waitlist/wait_estimate.hpp"

namespace qtable {

// A hold that came, or is gone (released, expired, booked).
struct hold_change {
    hold what;
    bool is_gone = false;
};

// What a command changes, should it commit. Memory already shows it as decided: capacity taken at once,
// capacity given back only by `releases` after the commit.
struct decision {
    reply answer;
    std::optional<restaurant_row> configuration;
    std::vector<table_row> tables;
    std::vector<combination_row> combinations;
    std::vector<special_day_row> special_days;
    std::vector<staff_row> staff;
    std::vector<guest_row> guests;
    std::vector<review> reviews;
    std::vector<slot_row> slots;
    std::vector<slot_count_row> slot_counts;
    std::vector<reservation> reservations;
    std::vector<hold_change> holds;
    std::vector<logged_event> events;  // not numbered yet
    std::vector<availability_window> windows;
    std::string action;  // what the log says of `windows`, where no event of the decision says it
    bool everything_changed = false;  // availability of every day
    std::vector<customer_notice> notices;
    std::vector<release_ticket> releases;
    bool reloads_after = false;  // once committed, memory is to be read anew: the restaurant is gone

    bool changes_anything() const noexcept {
        return !events.empty() || !windows.empty() || everything_changed || configuration.has_value();
    }
};

// A command with its decision, on its way through the commit gate.
struct pending_command {
    command_envelope command;
    decision decided;
    std::int64_t submitted_ns = 0;    // `wall_clock::turn_ns` then, for measuring
    int attempts = 0;                 // failed commits so far
    std::optional<errc> given_up_as;  // the database will never take it, for this reason
};

// The last estimate that a waiting customer was sent.
struct told_wait {
    instant at;
    int position = 0;
    std::optional<int> median_min;
};

struct owned_restaurant {
    enum class state : std::uint8_t {
        ready,
        loading,  // being read from the database; its commands wait
        stale,    // memory is ahead of the database, which is away: to be read before the next command is
                  // decided
    };

    // What memory is behind with, to be read as soon as nothing of the restaurant is on its way.
    enum class outdated : std::uint8_t {
        nothing,
        log,    // others wrote, and logged all that they changed
        whole,  // anything may be different
    };

    restaurant_id id;
    live_restaurant live;
    std::unique_ptr<inventory> stock;  // null: not created yet, or it doesn't exist
    // Reservations of the active horizon that take no capacity any more: cancelled, completed, no-show.
    boost::unordered_flat_map<reservation_id, reservation, id_hash> closed;
    // The floor: open guests and those closed lately; holds; what customers on the waitlist were told last.
    boost::unordered_flat_map<guest_id, guest, id_hash> guests;
    // A customer has one hold here; its claim in the inventory stands under the customer's id.
    boost::unordered_flat_map<customer_id, hold, id_hash> holds;
    boost::unordered_flat_map<customer_id, hold, id_hash> committed_holds;  // what a reload goes back to
    boost::unordered_flat_map<guest_id, told_wait, id_hash> told_waits;
    instant waits_due{};      // no estimate is pushed before
    turn_experience learned;  // from parties that were completed
    event_log log;
    state now = state::stale;
    std::deque<pending_command> waiting;  // not decided yet, in order
    std::size_t undecided = 0;            // pending commands of this restaurant in the gate and in flight
    outdated behind_with = outdated::nothing;
    // What was published last shows capacity as taken by commands that were not committed then.
    bool is_shown_ahead = false;
    bool has_rows_of_others = false;  // memory knows of rows that were not told when they were committed
    bool is_behind = false;           // a batch of it may have taken effect, and it isn't read again yet
    // Of commands whose commit may have taken effect: told once their rows are found in the log.
    boost::unordered_flat_map<command_id, std::vector<customer_notice>, id_hash> uncertain_notices;
    std::vector<availability_change>
        untold;                    // published ahead, to be told with the commit that they belong to
    std::optional<instant> due;    // when the engine looks whether time alone changes something
    bool is_tick_pending = false;  // the engine's own command is on its way
    bool is_closing = false;       // its end is decided: what comes after waits for the commit

    bool exists() const noexcept { return stock != nullptr; }
};

// Decides the command and changes memory accordingly; a refusal changes nothing. `target` exists, except for
// create_restaurant. Deterministic.
decision decide(owned_restaurant& target, const command_envelope& command, instant now,
                const renderer& render);

// When a `tick` has something to do, or is worth another look, at the latest. None: nothing until the next
// command.
std::optional<instant> next_due(const owned_restaurant& target, instant now);

// What is wrong between tables, guests and reservations: a table is occupied if and only if a seated guest
// has it.
std::optional<std::string> check_floor(const owned_restaurant& target);

}  // namespace qtable
