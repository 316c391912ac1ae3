// How long a party will wait for a table, honestly: as a range. From the live floor: remaining turn times of
// occupied tables given how long they sit already, coming reservations as blocks, the parties ahead, all
// capped by closing time. Pure and deterministic: the same floor gives the same answer. Any core; called by
// the restaurant's owner. Bounds: work grows with draws × parties × tables, all of them limited.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/time.hpp"

namespace qtable {

// Minutes from now; p10 <= p50 <= p90.
struct wait_range {
    int p10_min = 0;
    int p50_min = 0;
    int p90_min = 0;
    friend bool operator==(const wait_range&, const wait_range&) = default;
};

struct wait_estimate {
    int position = 1;  // 1 = next
    int parties_ahead = 0;
    std::optional<wait_range> wait;  // none: it will hardly be seated before closing, or no table fits it
    friend bool operator==(const wait_estimate&, const wait_estimate&) = default;
};

// The floor as it stands.
struct floor_now {
    struct block {  // a reservation that takes the table
        instant from, until;
    };
    struct seat {  // one table
        int capacity = 0;
        int min_party = 1;
        bool is_in_service = true;
        bool is_dirty = false;
        std::optional<instant> seated_at;  // occupied since
        int party_size = 0;                // of who sits there
        int turn_min = 0;                  // its turn time by the rules
        std::vector<block> blocks;         // by start, not overlapping
    };
    struct pair {  // a combination: indexes of `tables`
        std::vector<int> tables;
        int capacity = 0;
        int min_party = 1;
    };
    instant now;
    std::optional<instant> closes_at;  // none: never
    std::vector<seat> tables;
    std::vector<pair> combinations;
    int oversize_cap = 0;  // as in the booking rules
};

struct waiting_party {
    int party_size = 0;
    int turn_min = 0;  // by the rules
};

// How actual stays compare to the rules' turn times, learned from completed parties.
struct turn_experience {
    int parties = 0;
    double log_ratio_mean = 0;    // of ln(actual / turn time)
    double log_ratio_spread = 0;  // standard deviation

    void learn(int actual_min, int turn_min) noexcept;
};

// One answer for each waiting party, in their order.
std::vector<wait_estimate> estimate_waits(const floor_now& floor, std::span<const waiting_party> waiting,
                                          const turn_experience& learned);
// What one more party would hear, behind all that wait.
wait_estimate quote_wait(const floor_now& floor, std::span<const waiting_party> waiting,
                         const waiting_party& wanted, const turn_experience& learned);

}  // namespace qtable
