// Restaurants and their evenings, drawn from a seed, for the judgement of wait estimates. The truth here is
// deliberately not what the estimator assumes: stays are a minimum plus a gamma, with lingerers, a pace of
// the house and of the evening and an effect of the party's size that the rules don't have.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace qtable::sim {

constexpr int evening_min = 360;       // from opening to closing
constexpr int last_seating_min = 310;  // what this host thinks is late enough

struct house {
    struct table {
        int capacity = 0;
        int min_party = 1;
    };
    struct pair {
        std::vector<int> tables;
        int capacity = 0;
        int min_party = 1;
    };
    std::string_view name;
    std::vector<table> tables;
    std::vector<pair> pairs;
    int oversize_cap = 0;
    double walk_ins_per_hour = 0;   // at the peak
    int booking_attempts = 0;       // those that find a table become reservations
    std::vector<int> size_weights;  // of parties of 1, 2, …
    double pace = 1;                // of stays
    double stay_shape = 6;          // the gamma's: the smaller, the wider
    double patience_min = 100;      // about the median
};

house busy_house();
house calm_house();
house large_tables_house();
// Another one of the kind: its own pace, crowd, patience and width of stays.
house one_like(const house& kind, std::uint64_t seed);

// A party's evening as drawn beforehand, whatever the host does.
struct visit {
    int size = 0;
    int turn_min = 0;   // by the rules
    int comes_min = 0;  // at the door
    int stay_min = 0;
    int patience_min = 0;
    int clearing_min = 0;  // of its table after it
    bool is_booked = false;
    bool is_no_show = false;
    int booked_min = 0;
    int table = -1;  // booked
};

struct evening_plan {
    std::uint64_t seed = 0;
    std::vector<visit> visits;  // by comes_min
};

int rules_turn_min(int size) noexcept;
bool fits(const house& where, int capacity, int min_party, int size) noexcept;
evening_plan draw_evening(const house& where, std::uint64_t seed);

}  // namespace qtable::sim
