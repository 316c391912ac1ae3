#include "core/model/opening.hpp"

#include <algorithm>

namespace qtable {

namespace {

const day_hours& hours_on(date day, const weekly_hours& hours,
                          std::span<const special_day> special_days) noexcept {
    const auto found = std::lower_bound(special_days.begin(), special_days.end(), day,
                                        [](const special_day& s, date key) { return s.date < key; });
    if (found != special_days.end() && found->date == day) return found->hours;
    return hours.days[static_cast<std::size_t>(day.weekday())];
}

}  // namespace

bool is_open_at(const weekly_hours& hours, std::span<const special_day> special_days, const zone& where,
                instant at) noexcept {
    const local_time local = where.local_at(at);
    // The day's own ranges, and what the day before runs past midnight.
    for (const int days_back : {0, 1}) {
        const int minute = local.minute + days_back * minutes_per_day;
        for (const hours_range& range : hours_on(local.date.plus_days(-days_back), hours, special_days)) {
            if (minute >= range.open_min && minute < range.close_min) return true;
        }
    }
    return false;
}

}  // namespace qtable
