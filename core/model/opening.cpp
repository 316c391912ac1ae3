#include "core/model/opening.hpp"

namespace qtable {

bool is_open_at(const weekly_hours& hours, const zone& where, instant at) noexcept {
    const local_time local = where.local_at(at);
    // The day's own ranges, and what the day before runs past midnight.
    for (const int days_back : {0, 1}) {
        const int minute = local.minute + days_back * minutes_per_day;
        for (const hours_range& range :
             hours.days[static_cast<std::size_t>(local.date.plus_days(-days_back).weekday())]) {
            if (minute >= range.open_min && minute < range.close_min) return true;
        }
    }
    return false;
}

}  // namespace qtable
