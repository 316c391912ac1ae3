// Dates, times of day, date-times with offset, opening hours, ids and zones: what is read and written again
// reads the same, and lies within its bounds.
#include <vector>

#include "core/base/limits.hpp"
#include "core/base/zone.hpp"
#include "core/model/hours.hpp"
#include "storage/zone/posix_rule.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace qtable {
namespace {

void check_moment(std::string_view text) {
    const auto at = parse_rfc3339(text);
    if (!at) return;
    QTABLE_ASSERT(text.size() >= 20 && text.size() <= 35);
    QTABLE_ASSERT(is_writable(*at));
    QTABLE_ASSERT(parse_rfc3339(rfc3339_utc_ms(*at)) == *at);
    const instant whole_second = at->plus_ms(-((at->ms % ms_per_second + ms_per_second) % ms_per_second));
    for (const int offset_s : {0, 3600, -9 * 3600 - 1800, 14 * 3600}) {
        const instant local = whole_second.plus_ms(offset_s * ms_per_second);
        if (!is_writable(local)) continue;
        QTABLE_ASSERT(parse_rfc3339(rfc3339(whole_second, offset_s)) == whole_second);
    }
}

void check_hours(std::string_view text) {
    const auto hours = parse_day_hours(text);
    if (!hours) return;
    int before = 0;
    for (const hours_range& each : *hours) {
        QTABLE_ASSERT(each.open_min >= before && each.open_min < minutes_per_day);
        QTABLE_ASSERT(each.close_min > each.open_min && each.close_min <= each.open_min + minutes_per_day);
        before = each.close_min;
    }
    const std::string again = format_day_hours(*hours);
    QTABLE_ASSERT(again.size() <= text.size());
    QTABLE_ASSERT(parse_day_hours(again) == *hours);
}

void check_rule(std::string_view line) {
    const auto rule = storage::parse_posix_rule(line);
    if (!rule) return;
    for (const int year : {1970, 2024, 2026, 2099}) {
        const auto changes = rule->changes_in(year);
        QTABLE_ASSERT(changes[0].at <= changes[1].at);
        for (const auto& change : {rule->summer_starts, rule->summer_ends}) {
            const civil day = to_civil(change.day_in(year));
            QTABLE_ASSERT(day.year == year && day.month == change.month);
            QTABLE_ASSERT((change.day_in(year).weekday() + 1) % 7 == change.weekday);
        }
    }
}

void check_text(std::string_view text) {
    if (const auto day = parse_date(text)) {
        QTABLE_ASSERT(to_string(*day) == text);
        const civil parts = to_civil(*day);
        QTABLE_ASSERT(from_civil(parts.year, parts.month, parts.day) == *day);
        QTABLE_ASSERT(day->plus_days(7).weekday() == day->weekday());
    }
    if (const auto minute = parse_time_of_day(text)) {
        QTABLE_ASSERT(*minute >= 0 && *minute < minutes_per_day && time_of_day_to_string(*minute) == text);
    }
    if (const auto id = parse_uuid(text)) {
        QTABLE_ASSERT(parse_uuid(to_string(*id)) == *id && to_string(*id).size() == text.size());
    }
    check_moment(text);
    check_hours(text);
    check_rule(text);
}

void check_values(fuzz::input in) {
    const date day = in.take_date();
    QTABLE_ASSERT(parse_date(to_string(day)) == day);
    const instant at = in.take_instant();
    QTABLE_ASSERT(parse_rfc3339(rfc3339_utc_ms(at)) == at);
    const uuid id = in.take_uuid();
    QTABLE_ASSERT(parse_uuid(to_string(id)) == id);
}

// Offsets as they are in the world: they change at least five days apart, and by a day at most.
zone take_zone(fuzz::input& in) {
    std::vector<zone::period> periods;
    instant at = in.take_instant();
    const int count = 1 + in.take_below(4);
    const int least = in.take_below(9) - 48;  // quarters of an hour
    for (int i = 0; i < count; ++i) {
        periods.push_back({at, (least + in.take_below(97)) * 900});
        at = at.plus_minutes((5 + in.take_below(400)) * minutes_per_day + in.take_below(minutes_per_day));
    }
    return {"made", std::move(periods)};
}

void check_zone(fuzz::input in) {
    const instant near = fuzz::input(in).take_instant();  // where the first offset changes
    const zone where = take_zone(in);
    offset_reader offsets(where);
    for (int i = 0; i < 4; ++i) {
        const instant at =
            near.plus_minutes(static_cast<std::int64_t>(in.take<std::uint32_t>() % 2'000'000) - 5000);
        const instant minute = at.plus_ms(-((at.ms % ms_per_minute + ms_per_minute) % ms_per_minute));
        const local_time local = where.local_at(minute);
        QTABLE_ASSERT(local.minute >= 0 && local.minute < minutes_per_day);
        QTABLE_ASSERT(offsets.offset_s_at(minute) == where.offset_s_at(minute));
        // In a fold the first of the two is meant.
        const auto again = where.resolve(local.date, local.minute);
        QTABLE_ASSERT(again && *again <= minute);
        const local_time same = where.local_at(*again);
        QTABLE_ASSERT(same.date == local.date && same.minute == local.minute);
        QTABLE_ASSERT(where.resolve_or_gap_end(local.date, local.minute) == *again);
        // Counted from the midnight of the day before it is the same moment.
        QTABLE_ASSERT(where.resolve(local.date.plus_days(-1), local.minute + minutes_per_day) == *again);
        if (!where.resolve(local.date, in.take_below(2 * minutes_per_day))) continue;
    }
}

}  // namespace
}  // namespace qtable

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    qtable::fuzz::input in(data, size);
    if (in.take_bool()) {
        qtable::check_text(in.rest());
    } else {
        qtable::check_values(in);
        qtable::check_zone(in);
    }
    return 0;
}
