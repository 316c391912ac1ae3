// Parties and covers by their start, for the pacing rules: at most so many may start within one slot
// interval. Owner core only. What counts for a start is every party that starts less than one interval before
// or after it, so that no window of that length ever holds more than the rule. Memory: 16 bytes per distinct
// start.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "core/base/time.hpp"
#include "core/inventory/feasibility.hpp"

namespace qtable {

class pacing_counts {
  public:
    void add(instant starts_at, int party_size);
    void remove(instant starts_at, int party_size);
    pacing_load within(instant around, int interval_min) const noexcept;
    bool any(instant after, instant before) const noexcept;

    friend bool operator==(const pacing_counts& a, const pacing_counts& b) { return a.days_ == b.days_; }
    std::size_t bytes() const noexcept;

  private:
    struct entry {
        instant starts_at;
        std::int32_t parties = 0;
        std::int32_t covers = 0;
        friend bool operator==(const entry&, const entry&) = default;
    };
    template <class Visit>
    void for_each(instant after, instant before, Visit&& visit) const noexcept;

    boost::unordered_flat_map<std::int32_t, std::vector<entry>> days_;  // by UTC day; entries ascending
};

}  // namespace qtable
