// A naive second answer to "when does this business day have starts, and how long may a party stay": every
// interval of the days around as two instants, joined one by one. It shares no code with core/inventory.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "core/base/zone.hpp"
#include "core/model/restaurant.hpp"

namespace qtable::test {

struct oracle_start {
    instant starts_at;
    int room_min = 0;
};

inline day_hours oracle_hours(const restaurant& place, date day) {
    for (const special_day& special : place.special_days) {
        if (special.date == day) return special.hours;
    }
    return place.profile.hours.days[static_cast<std::size_t>(day.weekday())];
}

// By wall minute, 0–2879.
inline std::map<int, oracle_start> oracle_starts(const restaurant& place, const zone& where, date day) {
    std::map<int, oracle_start> starts;
    if (place.tables.empty()) return starts;
    std::vector<std::pair<instant, instant>> open;
    for (int away = -4; away <= 6; ++away) {
        const date other = day.plus_days(away);
        for (const hours_range& r : oracle_hours(place, other)) {
            open.emplace_back(where.resolve_or_gap_end(other, r.open_min),
                              where.resolve_or_gap_end(other, r.close_min));
        }
    }
    const auto close_of = [&](instant reached) {
        for (bool grew = true; grew;) {
            grew = false;
            for (const auto& [from, until] : open) {
                if (from > reached || until <= reached) continue;
                reached = until;
                grew = true;
            }
        }
        return reached;
    };
    const day_hours today = oracle_hours(place, day);
    std::map<int, int> stated;  // wall minute → the close of its range
    for (const hours_range& r : today) {
        for (int m = r.open_min; m < r.close_min; m += place.rules.slot_interval_min) stated[m] = r.close_min;
    }
    for (const auto& [minute, close] : stated) {
        if (minute >= minutes_per_day && stated.count(minute - minutes_per_day) == 1) continue;
        const auto at = where.resolve(day, minute);
        if (!at) continue;
        const instant until = close_of(where.resolve_or_gap_end(day, close));
        const auto room = static_cast<int>((until.ms - at->ms) / ms_per_minute);
        if (room > 0) starts[minute] = {*at, room};
    }
    return starts;
}

}  // namespace qtable::test
