// The starts of business days: opening hours, special days and slot interval over a zone. Immutable, any
// core; no allocation per call. A special day's hours take the place of the week's on that date. Starts lie
// on the interval from each range's opening. A wall time in a spring gap is no start, in a fold the first is
// meant; a wall minute that the day has already is not repeated after midnight. A party may stay until the
// end of the merged open interval: ranges, also of adjacent days, that touch or overlap as UTC instants are
// one. Days without a change of offset nearby (all but a few a year) need one look at the zone.
#pragma once

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/base/cache_line.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/base/zone.hpp"
#include "core/model/hours.hpp"

namespace qtable {

struct day_start {
    int minute = 0;  // on the wall clock from the midnight of the business day, 0–2879
    instant starts_at;
    int room_min = 0;  // elapsed minutes until closing; 0 = not a start of the opening hours
};

class alignas(cache_line_bytes) opening_plan {
  public:
    // An interval of 0: no starts, only find() of what is published explicitly. `special_days` sorted by
    // date, each once.
    opening_plan(const weekly_hours& hours, std::span<const special_day> special_days, int slot_interval_min,
                 std::shared_ptr<const zone> where);

    // Ascending. `visit(const day_start&)` for each start with first_min <= minute <= last_min.
    template <class Visit>
    void for_each_start(date day, int first_min, int last_min, Visit&& visit) const;
    template <class Visit>
    void for_each_start(date day, Visit&& visit) const {
        for_each_start(day, 0, last_minute, visit);
    }

    // What "HH:MM" (0–1439) means on that business day: the start at that wall minute, or the one a day later
    // where the day runs past midnight. A time that is no start is answered with room_min = 0;
    // `invalid_local_time` in a gap.
    result<day_start> find(date day, int minute) const noexcept;

    // Bit [half hour of the wall clock]: where the week's hours of that weekday, 0 = Monday, have starts,
    // those after midnight included. No other day but a special one has starts elsewhere.
    std::uint64_t half_hours_with_starts(std::size_t weekday) const noexcept;

    std::size_t bytes() const noexcept;

    static constexpr int last_minute = 2 * minutes_per_day - 1;
    static constexpr int endless_room = std::numeric_limits<int>::max();

  private:
    struct range {
        std::int16_t open_min = 0;
        std::int16_t close_min = 0;
        std::int16_t merged_close_min = 0;  // where no offset changes
    };
    using day_ranges = std::span<const range>;
    // Which of `ranges_` are a day's.
    struct part {
        std::uint16_t first = 0, count = 0;
    };
    struct dated_part {
        qtable::date date;
        part ranges;
    };

    day_ranges ranges_on(date day) const noexcept {
        part found = week_[static_cast<std::size_t>(day.weekday())];
        if (!dated_.empty()) {
            const auto special =
                std::lower_bound(dated_.begin(), dated_.end(), day,
                                 [](const dated_part& entry, date key) { return entry.date < key; });
            if (special != dated_.end() && special->date == day) found = special->ranges;
        }
        return day_ranges(ranges_.data() + found.first, found.count);
    }
    template <class HoursAt>
    part compile(HoursAt&& hours_at);
    bool is_start(day_ranges ranges, int minute) const noexcept;
    // Where offset changes don't come near `day`: true and the instant of its midnight.
    bool steady_midnight(date day, instant& midnight) const noexcept;
    // The end of the merged open interval that `of` is part of.
    instant closing(date day, const range& of) const noexcept;

    std::array<part, 7> week_;
    int interval_min_;
    // Right here for most: search reads them of thousands.
    boost::container::small_vector<range, 14> ranges_;
    // The special days, and those around them, whose open intervals may merge with theirs; ascending.
    std::vector<dated_part> dated_;
    std::shared_ptr<const zone> zone_;
};

template <class Visit>
void opening_plan::for_each_start(date day, int first_min, int last_min, Visit&& visit) const {
    const day_ranges ranges = ranges_on(day);
    if (ranges.empty() || interval_min_ == 0) return;
    instant midnight;
    const bool steady = steady_midnight(day, midnight);
    for (const range& r : ranges) {
        if (r.close_min <= first_min || r.open_min > last_min) continue;
        const int skipped =
            first_min > r.open_min ? (first_min - r.open_min + interval_min_ - 1) / interval_min_ : 0;
        const int end = std::min<int>(r.close_min, last_min + 1);
        const instant close = steady ? midnight.plus_minutes(r.merged_close_min) : closing(day, r);
        for (int minute = r.open_min + skipped * interval_min_; minute < end; minute += interval_min_) {
            if (minute >= minutes_per_day && is_start(ranges, minute - minutes_per_day)) continue;
            instant at = midnight.plus_minutes(minute);
            if (!steady) {
                const auto resolved = zone_->resolve(day, minute);
                if (!resolved) continue;
                at = *resolved;
            }
            const auto room_min = static_cast<int>((close.ms - at.ms) / ms_per_minute);
            if (room_min > 0) visit(day_start{minute, at, room_min});
        }
    }
}

}  // namespace qtable
