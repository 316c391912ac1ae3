#include "core/inventory/feasibility.hpp"

#include <algorithm>

#include "core/base/limits.hpp"

namespace qtable {

capacity judge_capacity(const restaurant_view& view, int room_min, int party_size, const table_set& free,
                        pacing_load load, const std::optional<slot_offer>& slot,
                        booking_channel channel) noexcept {
    const booking_rules& rules = view.rules();
    capacity found;
    // Staff who publish a slot open it for the parties that it fits: hours don't bound those.
    if (!slot && room_min < rules.turn_time_min(party_size)) found.why.add(reason::closed);
    if (!view.has_tables() && !slot) {
        found.why = no_slot_reasons();
        return found;
    }
    found.tables = view.has_tables() ? view.floor->count(free, party_size) : cell::count_max;
    if (found.tables == 0) found.why.add(reason::no_table);
    if (slot) {
        if (!slot->is_open || slot->left <= 0) found.why.add(reason::blocked);
        found.tables = std::min(found.tables, std::max(0, slot->left));
    }
    if (is_paced_out(rules, load, party_size, channel)) found.why.add(reason::pacing);
    return found;
}

bool is_paced_out(const booking_rules& rules, pacing_load load, int party_size,
                  booking_channel channel) noexcept {
    const auto exceeds = [](int cap, int count) { return cap > 0 && count > cap; };
    const int parties = load.parties + 1, covers = load.covers + party_size;
    if (exceeds(rules.house_pacing_parties, parties) || exceeds(rules.house_pacing_covers, covers))
        return true;
    return channel == booking_channel::online &&
           (exceeds(rules.pacing_parties, parties) || exceeds(rules.pacing_covers, covers));
}

bool has_pacing(const booking_rules& rules) noexcept {
    return rules.pacing_parties > 0 || rules.pacing_covers > 0 || rules.house_pacing_parties > 0 ||
           rules.house_pacing_covers > 0;
}

reasons no_slot_reasons() noexcept {
    reasons why(reason::no_table);
    why.add(reason::closed);
    return why;
}

int judged_party_sizes(const restaurant_view& view) noexcept {
    if (view.has_tables()) return view.floor->party_sizes();
    return std::min(view.rules().max_party, limits::party_size_max);
}

reasons party_reasons(const restaurant_view& view, int party_size) noexcept {
    reasons why;
    if (party_size < std::max(1, view.rules().min_party)) why.add(reason::party_too_small);
    if (party_size > std::min(view.rules().max_party, limits::party_size_max))
        why.add(reason::party_too_large);
    if (view.has_tables() && party_size > view.floor->largest_capacity()) why.add(reason::no_table);
    return why;
}

reasons clock_reasons(const restaurant_view& view, date today, date day, instant starts_at, instant now,
                      booking_channel channel) noexcept {
    reasons why;
    if (starts_at < now) why.add(reason::past);
    if (channel == booking_channel::house) return why;
    const booking_rules& rules = view.rules();
    if (rules.min_notice_min > 0 && starts_at < now.plus_minutes(rules.min_notice_min))
        why.add(reason::min_notice);
    if (day > today.plus_days(rules.window_days)) why.add(reason::max_notice);
    if (view.config->paused_until && now < *view.config->paused_until) why.add(reason::paused);
    return why;
}

}  // namespace qtable
