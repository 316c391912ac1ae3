#include "proto/parse_settings.hpp"

#include <algorithm>
#include <string>

#include "core/base/limits.hpp"
#include "proto/body.hpp"
#include "proto/field_rules.hpp"
#include "proto/parse_restaurant.hpp"

namespace qtable::proto {

namespace {

constexpr std::int64_t counts_max = 10'000;  // parties or covers that a rule may speak of
constexpr std::size_t turn_times_max = 100;  // one per party size
constexpr std::int64_t days_max = limits::booking_window_max_days;
constexpr std::int64_t minutes_max = days_max * minutes_per_day;
constexpr text_rule note_rule = {0, limits::notes_chars};
constexpr text_rule moment_rule = {1, limits::label_chars};
constexpr std::int64_t version_max = INT64_MAX;

constexpr bool is_on_grid(std::int64_t minutes) noexcept {
    return minutes % limits::grid_min == 0;
}

// Minutes on the grid; absent leaves `to` as it is.
void read_grid_minutes(object_reader& in, std::string_view name, std::int64_t min, int& to) {
    const auto value = in.integer(name, {min, minutes_per_day}, presence::optional);
    if (value && !is_on_grid(*value)) return in.error(name, "must be a multiple of 5");
    set(to, value);
}

void read_count(object_reader& in, std::string_view name, std::int64_t max, int& to) {
    set(to, in.integer(name, {0, max}, presence::optional));
}

turn_time read_turn_time(object_reader& in) {
    turn_time made;
    set(made.up_to_party, in.integer("up_to_party", party_range));
    const auto minutes = in.integer("minutes", {limits::grid_min, limits::turn_time_max_min});
    if (minutes && !is_on_grid(*minutes)) in.error("minutes", "must be a multiple of 5");
    set(made.minutes, minutes);
    return made;
}

void read_turn_times(object_reader& in, std::vector<turn_time>& to) {
    const json_value* list = in.array("turn_times", 1, turn_times_max, presence::optional);
    if (list == nullptr) return;
    const json_path here = in.path().member("turn_times");
    std::vector<turn_time> made;
    for (const json_value* one = list->first; one != nullptr; one = one->next) {
        const json_path place = here.element(made.size());
        object_reader entry(*one, in.errors(), place);
        const turn_time value = read_turn_time(entry);
        entry.finish();
        const bool grows = made.empty() || value.up_to_party > made.back().up_to_party;
        if (!grows && value.up_to_party > 0) entry.error("up_to_party", "must be more than the one before");
        made.push_back(value);
    }
    to = std::move(made);
}

// What no single member shows. Said of the member that the body names, else of the one that can be changed.
void check_rules(object_reader& in, const booking_rules& rules) {
    if (!in.errors().none()) return;
    if (rules.min_party > rules.max_party) {
        in.error(in.has("min_party") ? "min_party" : "max_party",
                 "must hold: min_party is not more than max_party");
    }
    int longest = 0;
    for (const turn_time& each : rules.turn_times) longest = std::max(longest, each.minutes);
    if (longest + rules.buffer_before_min + rules.buffer_after_min > minutes_per_day) {
        const bool is_of_buffers = in.has("buffer_before_minutes") || in.has("buffer_after_minutes");
        const std::string_view before =
            in.has("buffer_before_minutes") ? "buffer_before_minutes" : "buffer_after_minutes";
        in.error(is_of_buffers ? before : "turn_times",
                 "must hold: a turn time with both buffers is at most 24 hours");
    }
}

void read_rules(object_reader& in, booking_rules& to) {
    read_grid_minutes(in, "slot_interval_minutes", limits::grid_min, to.slot_interval_min);
    read_turn_times(in, to.turn_times);
    read_grid_minutes(in, "buffer_before_minutes", 0, to.buffer_before_min);
    read_grid_minutes(in, "buffer_after_minutes", 0, to.buffer_after_min);
    read_count(in, "min_notice_minutes", minutes_max, to.min_notice_min);
    read_count(in, "window_days", days_max, to.window_days);
    set(to.min_party, in.integer("min_party", party_range, presence::optional));
    set(to.max_party, in.integer("max_party", party_range, presence::optional));
    read_count(in, "oversize_cap", limits::party_size_max, to.oversize_cap);
    read_count(in, "pacing_parties", counts_max, to.pacing_parties);
    read_count(in, "pacing_covers", counts_max, to.pacing_covers);
    read_count(in, "house_pacing_parties", counts_max, to.house_pacing_parties);
    read_count(in, "house_pacing_covers", counts_max, to.house_pacing_covers);
    read_count(in, "cancellation_cutoff_minutes", minutes_max, to.cancellation_cutoff_min);
    read_count(in, "no_show_grace_minutes", minutes_per_day, to.no_show_grace_min);
    check_rules(in, to);
}

void read_day(object_reader& in, special_day& to) {
    const auto hours = in.text("hours", hours_rule);
    if (hours) to.hours = parse_day_hours(*hours).value_or(day_hours{});
    set(to.note, in.text("note", note_rule, presence::nullable));
}

}  // namespace

parsed<rules_change> parse_rules_change(std::string_view body, json_scratch& scratch,
                                        const booking_rules& now) {
    return parse_body(body, scratch, rules_change{now, {}}, [](object_reader& in, rules_change& to) {
        read_rules(in, to.rules);
        to.version = in.integer("version", {1, version_max}, presence::optional).optional();
    });
}

parsed<special_day> parse_special_day(std::string_view body, json_scratch& scratch) {
    return parse_body<special_day>(body, scratch, [](object_reader& in, special_day& to) {
        to.date = in.calendar_date("date").value_or({});
        read_day(in, to);
    });
}

parsed<special_day> parse_special_day_of(std::string_view body, json_scratch& scratch, date day) {
    return parse_body<special_day>(body, scratch, [day](object_reader& in, special_day& to) {
        to.date = day;
        const auto said = in.calendar_date("date", presence::optional);
        if (said && *said != day) in.error("date", "must be the date of the path");
        read_day(in, to);
    });
}

parsed<pause_bookings> parse_pause(std::string_view body, json_scratch& scratch, instant now) {
    return parse_body<pause_bookings>(body, scratch, [now](object_reader& in, pause_bookings& to) {
        const auto text = in.text("until", moment_rule, presence::optional);
        const auto minutes = in.integer("minutes", {1, minutes_max}, presence::optional);
        to.until = now.plus_minutes(minutes.value_or(minutes_per_day));
        if (in.has("until") && in.has("minutes")) in.error("minutes", "must not stand beside until");
        if (!text) return;
        const auto until = parse_rfc3339(*text);
        if (!until) return in.error("until", "must be an RFC 3339 date-time with offset");
        if (*until <= now || *until > now.plus_minutes(minutes_max)) {
            return in.error("until", "must be ahead, by 366 days at most");
        }
        to.until = until;
    });
}

}  // namespace qtable::proto
