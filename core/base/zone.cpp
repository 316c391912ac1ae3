#include "core/base/zone.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/assert.hpp"

namespace qtable {

zone::zone(std::string name, std::vector<period> periods)
    : name_(std::move(name)), periods_(std::move(periods)) {
    QTABLE_ASSERT(!periods_.empty());
}

zone zone::utc() {
    return zone("UTC", {period{instant{0}, 0}});
}

std::int32_t zone::offset_s_at(instant at) const noexcept {
    const auto after = std::upper_bound(periods_.begin(), periods_.end(), at,
                                        [](instant value, const period& p) { return value < p.starts_at; });
    return after == periods_.begin() ? periods_.front().offset_s : std::prev(after)->offset_s;
}

zone::steady zone::steady_at(instant at) const noexcept {
    const auto after = std::upper_bound(periods_.begin(), periods_.end(), at,
                                        [](instant value, const period& p) { return value < p.starts_at; });
    const instant until =
        after == periods_.end() ? instant{std::numeric_limits<std::int64_t>::max()} : after->starts_at;
    // Before the first period its offset holds already, so nothing changes at its start.
    if (after == periods_.begin()) return {after->offset_s, steady_at(after->starts_at).until};
    return {std::prev(after)->offset_s, until};
}

local_time zone::local_at(instant at) const noexcept {
    const std::int64_t local_ms = at.ms + offset_s_at(at) * ms_per_second;
    const std::int64_t day =
        local_ms >= 0 ? local_ms / ms_per_day : -((-local_ms + ms_per_day - 1) / ms_per_day);
    return {{static_cast<std::int32_t>(day)},
            static_cast<int>((local_ms - day * ms_per_day) / ms_per_minute)};
}

result<instant> zone::resolve(date day, int minute) const noexcept {
    const instant wall{day.days * ms_per_day + minute * ms_per_minute};
    // Offsets never exceed a day and change at most once a day: what holds a day before and a day after are
    // the only candidates, and the one before the change gives the first of two readings.
    const std::int32_t before = offset_s_at(wall.plus_ms(-ms_per_day));
    const std::int32_t after = offset_s_at(wall.plus_ms(ms_per_day));
    for (const std::int32_t offset_s : {before, after}) {
        const instant candidate = wall.plus_ms(-offset_s * ms_per_second);
        if (offset_s_at(candidate) == offset_s) return candidate;
    }
    return errc::invalid_local_time;
}

instant zone::resolve_or_gap_end(date day, int minute) const noexcept {
    if (const auto found = resolve(day, minute)) return *found;
    // A gap: read with the offset that comes after it, the wall time lies before the change.
    const instant wall{day.days * ms_per_day + minute * ms_per_minute};
    return steady_at(wall.plus_ms(-offset_s_at(wall.plus_ms(ms_per_day)) * ms_per_second)).until;
}

}  // namespace qtable
