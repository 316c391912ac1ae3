#include "tools/qtable/import/osm_hours_week.hpp"

#include <algorithm>

#include "tools/qtable/import/osm_hours.hpp"

namespace qtable::tools {

namespace {

constexpr int early_morning_min = 6 * 60;

// Sorted; overlapping and adjacent ranges become one.
day_hours merged(std::vector<hours_range> ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](const hours_range& a, const hours_range& b) { return a.open_min < b.open_min; });
    day_hours result;
    for (const hours_range& range : ranges) {
        if (!result.empty() && range.open_min <= result.back().close_min) {
            result.back().close_min = std::max(result.back().close_min, range.close_min);
        } else {
            result.push_back(range);
        }
    }
    return result;
}

bool overlap(const hours_range& a, const hours_range& b) noexcept {
    return a.open_min < b.close_min && b.open_min < a.close_min;
}

bool overlap(const day_hours& a, const day_hours& b) noexcept {
    return std::any_of(a.begin(), a.end(), [&](const hours_range& x) {
        return std::any_of(b.begin(), b.end(), [&](const hours_range& y) { return overlap(x, y); });
    });
}

}  // namespace

void week_of_rules::close(week_days days) {
    for (std::size_t day = 0; day < days.size(); ++day) {
        if (days[day]) week_.days[day].clear();
    }
    closed_ |= days;
}

void week_of_rules::set(week_days days, const std::vector<hours_range>& ranges, rule_kind kind,
                        std::size_t offset) {
    const day_hours whole = merged(ranges);
    for (std::size_t day = 0; day < days.size(); ++day) {
        if (!days[day]) continue;
        switch (kind) {
            case rule_kind::closing:
                take_away(day, whole, offset);
                continue;
            case rule_kind::additional:
                add(day, whole, offset);
                break;
            case rule_kind::replacing:
                week_.days[day] = whole;
                break;
        }
        closed_.reset(day);
        opened_ = true;
    }
}

// By the rules of OpenStreetMap "11:00-22:00, Sa 12:00-02:00" is open on Saturday from 11:00; its writer most
// likely meant from 12:00. Both agree when nothing overlaps, or when the later rule holds all that the day
// had.
void week_of_rules::add(std::size_t day, const day_hours& ranges, std::size_t offset) {
    day_hours& present = week_.days[day];
    if (closed_[day])
        throw osm_hours_refusal{"a day that is closed gets hours after a comma: reads two ways", offset};
    std::vector<hours_range> all = present;
    all.insert(all.end(), ranges.begin(), ranges.end());
    const day_hours both = merged(std::move(all));
    if (overlap(present, ranges) && both != ranges) {
        throw osm_hours_refusal{
            "hours after a comma overlap the day's earlier ones: adds or replaces, reads two ways", offset};
    }
    present = both;
}

void week_of_rules::take_away(std::size_t day, const std::vector<hours_range>& ranges, std::size_t offset) {
    const day_hours& night_before = week_.days[(day + 6) % 7];
    const int spill_min = night_before.empty() ? 0 : night_before.back().close_min - minutes_per_day;
    for (const hours_range& gap : ranges) {
        if (gap.close_min > minutes_per_day || gap.open_min < spill_min) {
            throw osm_hours_refusal{"closed for a time around midnight", offset};
        }
        day_hours left;
        for (const hours_range& open : week_.days[day]) {
            if (!overlap(open, gap)) {
                left.push_back(open);
                continue;
            }
            if (open.open_min < gap.open_min) left.push_back({open.open_min, gap.open_min});
            if (gap.close_min < open.close_min) left.push_back({gap.close_min, open.close_min});
        }
        week_.days[day] = left;
    }
}

// "Fr 18:00-24:00,00:00-02:00" says the early Friday and most likely means the night after. On all seven days
// alike it comes to the same.
void week_of_rules::refuse_early_morning_of_another_night() const {
    const auto early_close_min = [](const day_hours& day) {
        return !day.empty() && day.front().open_min == 0 && day.front().close_min <= early_morning_min
                   ? static_cast<int>(day.front().close_min)
                   : 0;
    };
    const int monday = early_close_min(week_.days[0]);
    const bool alike = std::all_of(week_.days.begin(), week_.days.end(),
                                   [&](const day_hours& day) { return early_close_min(day) == monday; });
    for (const day_hours& day : week_.days) {
        if (!alike && early_close_min(day) > 0 && day.back().close_min == minutes_per_day) {
            throw osm_hours_refusal{
                "closes at 24:00 and opens at 00:00 of the same day: which night, reads two ways", 0};
        }
    }
}

weekly_hours week_of_rules::finish() {
    if (!opened_ && !closed_.all()) {
        throw osm_hours_refusal{closed_.any() ? "says only when it is closed" : "no weekly hours", 0};
    }
    for (const day_hours& day : week_.days) {
        for (const hours_range& range : day) {
            if (range.close_min - range.open_min > minutes_per_day)
                throw osm_hours_refusal{"longer than a day", 0};
        }
    }
    refuse_early_morning_of_another_night();
    return week_;
}

}  // namespace qtable::tools
