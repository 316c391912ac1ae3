// Wait estimates held against what came true. Evenings for learning feed `turn_experience` and nothing else;
// the evenings that are judged are others. How it stays honest:
// - A party that lost patience is judged by the evening played again, all else equal, in which it stays.
// - A party that the house never seated had no wait: any range said to it is a miss, and its wait counts for
//   the error as lasting until closing.
// - "No estimate" for a party that was seated is a miss, and counts for the error as "until closing". For
//   one that wasn't it is right, and counts neither way.
// - "At once" (0 to 0 minutes) is judged apart, by whether it was at once: it would flatter the ranges.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/waitlist/wait_estimate.hpp"
#include "tests/sim/waitlist_house.hpp"

namespace qtable::sim {

using estimator = std::function<std::vector<wait_estimate>(const floor_now&, std::span<const waiting_party>,
                                                           const turn_experience&)>;

struct experience {
    turn_experience turns;
    double mean_stay_min = 0;  // for the naive quote
};

struct score {
    int ranges = 0;  // said, or missed by saying nothing
    int covered = 0, too_long = 0, too_short = 0, silent = 0, never_seated = 0;
    int joining = 0, joining_covered = 0;  // of the ranges, those said when a party joined
    int ghosts = 0;                        // parties that lost patience, played again
    int rightly_silent = 0;
    int at_once = 0, at_once_true = 0;
    double wait_sum_min = 0, width_sum_min = 0, error_sum_min = 0, bias_sum_min = 0;
    double naive_error_sum_min = 0;     // parties ahead x mean turn / fitting tables
    double counting_error_sum_min = 0;  // the same, counting itself and only those ahead who compete with it

    double coverage() const noexcept { return ranges > 0 ? static_cast<double>(covered) / ranges : 0; }
    double error_ratio() const noexcept { return error_sum_min / naive_error_sum_min; }
    void add(const score& other) noexcept;
};

experience learn_evenings(const house& where, std::uint64_t seed, int evenings);
score judge_evenings(const house& where, std::uint64_t seed, int evenings, const experience& learned,
                     const estimator& say);

// What is wrong with a score; empty: nothing.
std::vector<std::string> complaints(const score& of);
std::string describe(const score& of);

}  // namespace qtable::sim
