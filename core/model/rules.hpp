// The booking rules of one restaurant: inputs of the one feasibility function, set by staff. Plain values,
// any core.
#pragma once

#include <cstdint>
#include <vector>

namespace qtable {

// Parties of up to `up_to_party` stay `minutes`; the last entry also holds for every larger party.
struct turn_time {
    int up_to_party = 0;
    int minutes = 0;
    friend bool operator==(const turn_time&, const turn_time&) = default;
};

struct booking_rules {
    int slot_interval_min = 30;  // starts lie on this grid from the opening of each range; a multiple of 5
    std::vector<turn_time> turn_times = {{2, 90}, {4, 105}, {6, 120}, {100, 150}};  // multiples of 5
    int buffer_before_min = 0;  // the table is kept free this long before and after a party; multiples of 5
    int buffer_after_min = 0;
    int min_notice_min = 0;  // a booking is made at least this long before its start
    int window_days = 90;    // and at most this many days ahead
    int min_party = 1;
    int max_party = 20;
    int oversize_cap = 0;  // how many seats more than the party a table may have; 0 = any number
    // Parties and covers that may start in one slot interval, whoever made the booking; 0 = any number. The
    // first two bound what is booked online, the other two also what the house books and seats.
    int pacing_parties = 0;
    int pacing_covers = 0;
    int house_pacing_parties = 0;
    int house_pacing_covers = 0;
    int cancellation_cutoff_min = 0;  // customers change and cancel until this long before the start
    int no_show_grace_min = 15;  // after the start, before a party counts as late; a no-show may be undone
                                 // as long after it was marked

    int turn_time_min(int party_size) const noexcept {
        for (const turn_time& entry : turn_times) {
            if (party_size <= entry.up_to_party) return entry.minutes;
        }
        return turn_times.empty() ? 120 : turn_times.back().minutes;
    }
    friend bool operator==(const booking_rules&, const booking_rules&) = default;
};

}  // namespace qtable
