#include "core/inventory/opening_plan.hpp"

#include <utility>

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"

namespace qtable {

namespace {

// The days whose hours may touch those of a business day, or end its last party's stay.
constexpr int first_neighbour = -1;
constexpr int last_neighbour = 3;

std::size_t weekday_plus(std::size_t weekday, int days) noexcept {
    return (weekday + 7 + static_cast<std::size_t>(days + 7)) % 7;
}

// Grows `close` by every interval that begins at or before it. `grow(close)` gives the furthest such end.
template <class Time, class Grow>
Time merge(Time close, Grow&& grow) {
    while (true) {
        const Time further = grow(close);
        if (further == close) return close;
        close = further;
    }
}

}  // namespace

// A day's ranges with the end of the open interval that each is part of. `hours_at(n)`: the hours n days on.
template <class HoursAt>
opening_plan::part opening_plan::compile(HoursAt&& hours_at) {
    const std::size_t first = ranges_.size();
    for (const hours_range& stated : hours_at(0)) {
        const int close = merge<int>(stated.close_min, [&](int reached) {
            int furthest = reached;
            for (int away = first_neighbour; away <= last_neighbour; ++away) {
                const int shift = away * minutes_per_day;
                for (const hours_range& other : hours_at(away)) {
                    if (other.open_min + shift <= reached)
                        furthest = std::max(furthest, other.close_min + shift);
                }
            }
            return furthest;
        });
        ranges_.push_back({stated.open_min, stated.close_min, static_cast<std::int16_t>(close)});
    }
    QTABLE_ASSERT(ranges_.size() <= std::numeric_limits<std::uint16_t>::max());
    return {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(ranges_.size() - first)};
}

opening_plan::opening_plan(const weekly_hours& hours, std::span<const special_day> special_days,
                           int slot_interval_min, std::shared_ptr<const zone> where)
    : interval_min_(slot_interval_min), zone_(std::move(where)) {
    for (std::size_t weekday = 0; weekday < 7; ++weekday) {
        week_[weekday] =
            compile([&](int away) -> const day_hours& { return hours.days[weekday_plus(weekday, away)]; });
    }

    const auto hours_on = [&](date day) -> const day_hours& {
        const auto found = std::lower_bound(special_days.begin(), special_days.end(), day,
                                            [](const special_day& s, date key) { return s.date < key; });
        if (found != special_days.end() && found->date == day) return found->hours;
        return hours.days[static_cast<std::size_t>(day.weekday())];
    };
    for (const special_day& special : special_days) {
        for (int away = -last_neighbour; away <= -first_neighbour; ++away) {
            const date day = special.date.plus_days(away);
            if (!dated_.empty() && dated_.back().date >= day) continue;
            dated_.push_back({day, compile([&](int further) -> const day_hours& {
                                  return hours_on(day.plus_days(further));
                              })});
        }
    }
}

bool opening_plan::is_start(day_ranges ranges, int minute) const noexcept {
    if (interval_min_ == 0) return false;
    for (const range& r : ranges) {
        if (minute >= r.open_min && minute < r.close_min && (minute - r.open_min) % interval_min_ == 0)
            return true;
    }
    return false;
}

bool opening_plan::steady_midnight(date day, instant& midnight) const noexcept {
    // Offsets are below a day: with a day more at each end these are all instants of the neighbouring days.
    const instant as_utc{day.days * ms_per_day};
    const zone::steady steady = zone_->steady_at(as_utc.plus_ms((first_neighbour - 1) * ms_per_day));
    if (steady.until <= as_utc.plus_ms((last_neighbour + 3) * ms_per_day)) return false;
    midnight = as_utc.plus_ms(-steady.offset_s * ms_per_second);
    return true;
}

instant opening_plan::closing(date day, const range& of) const noexcept {
    return merge(zone_->resolve_or_gap_end(day, of.close_min), [&](instant reached) {
        instant furthest = reached;
        for (int away = first_neighbour; away <= last_neighbour; ++away) {
            const date other_day = day.plus_days(away);
            for (const range& other : ranges_on(other_day)) {
                if (zone_->resolve_or_gap_end(other_day, other.open_min) > reached) continue;
                furthest = std::max(furthest, zone_->resolve_or_gap_end(other_day, other.close_min));
            }
        }
        return furthest;
    });
}

result<day_start> opening_plan::find(date day, int minute) const noexcept {
    const day_ranges ranges = ranges_on(day);
    const auto is_open = [ranges](int at) {
        return std::any_of(ranges.begin(), ranges.end(),
                           [at](const range& r) { return at >= r.open_min && at < r.close_min; });
    };
    const int next_day = minute + minutes_per_day;
    const bool past_midnight =
        !is_start(ranges, minute) && is_open(next_day) && (is_start(ranges, next_day) || !is_open(minute));
    day_start start{past_midnight ? next_day : minute, {}, 0};
    const auto at = zone_->resolve(day, start.minute);
    if (!at) return at.error();
    start.starts_at = *at;
    for_each_start(day, start.minute, start.minute, [&start](const day_start& listed) { start = listed; });
    return start;
}

std::uint64_t opening_plan::half_hours_with_starts(std::size_t weekday) const noexcept {
    std::uint64_t bits = 0;
    if (interval_min_ == 0) return bits;
    for (const range& r : day_ranges(ranges_.data() + week_[weekday].first, week_[weekday].count)) {
        for (int minute = r.open_min; minute < r.close_min; minute += interval_min_)
            bits |= std::uint64_t{1} << (minute % minutes_per_day / 30);
    }
    return bits;
}

std::size_t opening_plan::bytes() const noexcept {
    const std::size_t inside = decltype(ranges_)::static_capacity;
    return sizeof(*this) + (ranges_.capacity() > inside ? ranges_.capacity() * sizeof(range) : 0) +
           dated_.capacity() * sizeof(dated_part);
}

}  // namespace qtable
