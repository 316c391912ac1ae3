// What the owner's memory shows of an evening, ready to be rendered: the floor, the day in figures, the
// waitlist. Pointers are good for the moment of rendering only. Made by the engine, read by the renderer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/zone.hpp"
#include "core/model/guest.hpp"
#include "core/model/hold.hpp"
#include "core/model/reservation.hpp"
#include "core/model/restaurant.hpp"
#include "core/waitlist/wait_estimate.hpp"

namespace qtable {

struct guest_line {
    const guest* who = nullptr;
    std::optional<wait_estimate> wait;  // of a waiting party
};

struct table_line {
    const table* what = nullptr;
    const guest* seated = nullptr;          // who sits there
    std::optional<instant> expected_until;  // when it should be free again, by turn time
    const reservation* next = nullptr;      // the next one that takes it, today
};

struct floor_picture {
    const restaurant* config = nullptr;
    const zone* local_zone = nullptr;
    instant at;
    qtable::date date;  // the business day
    std::uint64_t epoch = 0;
    std::int64_t seq = 0;  // the last row of the log that is in this picture
    std::vector<table_line> tables;
    std::vector<guest_line> guests;                // open ones: waiting in order of their turn, then seated
    std::vector<const reservation*> reservations;  // of that business day, by start; closed ones too
};

struct dashboard_picture {
    const restaurant* config = nullptr;
    const zone* local_zone = nullptr;
    instant at;
    qtable::date date;
    std::uint64_t epoch = 0;
    std::int64_t seq = 0;
    struct by_status {
        int confirmed = 0, cancelled = 0, seated = 0, completed = 0, no_show = 0;
    } reservations;
    int covers_booked = 0;  // of confirmed and seated reservations
    int covers_seated = 0;  // who sits now, walk-ins too
    int covers_served = 0;  // completed that day, walk-ins too
    int walk_ins = 0;       // guests of that day that came without a reservation
    int waiting_parties = 0;
    int waiting_covers = 0;
    std::optional<int> longest_wait_min;
    struct by_table_status {
        int available = 0, reserved = 0, occupied = 0, dirty = 0, out_of_service = 0;
    } tables;
    struct hour {
        int minute = 0;  // of the wall clock from the business day's midnight
        int parties = 0;
        int covers = 0;
    };
    std::vector<hour> arrivals;            // booked, by hour
    std::vector<const reservation*> late;  // confirmed and past start + grace
    std::vector<const reservation*> next;  // the next to arrive, at most 10
};

struct wait_quote {
    int party_size = 0;
    wait_estimate wait;
};

}  // namespace qtable
