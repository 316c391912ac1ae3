// A time zone as data: the offsets from UTC over time. Loaded outside of core (storage/zone), then immutable;
// any core. A wall time in a spring gap does not exist (`invalid_local_time`); in an autumn fold the first of
// the two is meant.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/time.hpp"

namespace qtable {

struct local_time {
    qtable::date date;
    int minute = 0;  // of the day
};

class zone {
  public:
    // From `starts_at` on, local time is UTC + `offset_s`.
    struct period {
        instant starts_at;
        std::int32_t offset_s = 0;
    };

    // `periods` is sorted, not empty; the first also holds for everything before it.
    zone(std::string name, std::vector<period> periods);
    static zone utc();

    const std::string& name() const noexcept { return name_; }
    std::int32_t offset_s_at(instant at) const noexcept;
    local_time local_at(instant at) const noexcept;

    // The offset at `at`, and until when it holds: what lets a reader skip the zone for whole days.
    struct steady {
        std::int32_t offset_s = 0;
        instant until;
    };
    steady steady_at(instant at) const noexcept;

    // The instant of minute `minute` (0–2879: past midnight belongs to the day after) counted on the wall
    // clock from the midnight of `day`. `invalid_local_time` inside a gap; the earlier of two in a fold.
    result<instant> resolve(date day, int minute) const noexcept;
    // The same; inside a gap the instant at which the gap ends.
    instant resolve_or_gap_end(date day, int minute) const noexcept;

  private:
    std::string name_;
    std::vector<period> periods_;
};

// Offsets of instants that lie near each other, as those of one day do: asks the zone once for a stretch.
class offset_reader {
  public:
    explicit offset_reader(const zone& where) noexcept : zone_(where) {}
    std::int32_t offset_s_at(instant at) noexcept {
        if (at < from_ || at >= held_.until) {
            held_ = zone_.steady_at(at);
            from_ = at;
        }
        return held_.offset_s;
    }

  private:
    const zone& zone_;
    zone::steady held_;
    instant from_;
};

}  // namespace qtable
