#include "core/inventory/restaurant_view.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/limits.hpp"
#include "core/inventory/feasibility.hpp"

namespace qtable {

namespace {

bool same_table(const table& a, const table& b) noexcept {
    const bool same_service =
        (a.status == table_status::out_of_service) == (b.status == table_status::out_of_service);
    return a.id == b.id && a.label == b.label && a.capacity == b.capacity && a.min_party == b.min_party &&
           same_service;
}

bool same_combination(const table_combination& a, const table_combination& b) noexcept {
    return a.id == b.id && a.label == b.label && a.table_ids == b.table_ids && a.capacity == b.capacity &&
           a.min_party == b.min_party;
}

bool same_floor(const restaurant& a, const restaurant& b) noexcept {
    return a.rules.max_party == b.rules.max_party && a.rules.oversize_cap == b.rules.oversize_cap &&
           std::equal(a.tables.begin(), a.tables.end(), b.tables.begin(), b.tables.end(), same_table) &&
           std::equal(a.combinations.begin(), a.combinations.end(), b.combinations.begin(),
                      b.combinations.end(), same_combination);
}

bool same_hours(const special_day& a, const special_day& b) noexcept {
    return a.date == b.date && a.hours == b.hours;  // the note opens and closes nothing
}

bool same_opening(const restaurant& a, const restaurant& b) noexcept {
    return a.profile.hours == b.profile.hours && a.rules.slot_interval_min == b.rules.slot_interval_min &&
           std::equal(a.special_days.begin(), a.special_days.end(), b.special_days.begin(),
                      b.special_days.end(), same_hours);
}

reader_rules rules_for_readers(const restaurant_view& view) {
    const booking_rules& stated = view.rules();
    reader_rules made;
    if (view.config->paused_until) made.paused_until = *view.config->paused_until;
    made.min_notice_min = stated.min_notice_min;
    made.window_days = static_cast<std::int16_t>(stated.window_days);
    made.party_min = limits::party_size_max + 1;
    static_assert(limits::party_size_max < std::numeric_limits<std::uint8_t>::max());
    for (std::uint8_t party = 1; party <= limits::party_size_max; ++party) {
        if (!party_reasons(view, party).none()) continue;
        made.party_min = std::min(made.party_min, party);
        made.party_max = party;
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(view.empty_floor.size(), 64); ++i) {
        if (view.empty_floor[i].is_available()) made.seated_sizes |= std::uint64_t{1} << i;
    }
    for (int party = 1; party <= reader_rules::short_party_max; ++party) {
        const auto at = static_cast<std::size_t>(party - 1);
        made.turn_times_min[at] = static_cast<std::int16_t>(stated.turn_time_min(party));
        if (at < view.empty_floor.size())
            made.empty_tables[at] = static_cast<std::int16_t>(view.empty_floor[at].available_tables());
    }
    return made;
}

}  // namespace

cell restaurant_view::template_cell(int party_size, int room_min) const noexcept {
    const cell open = empty_floor[static_cast<std::size_t>(party_size - 1)];
    if (room_min >= rules().turn_time_min(party_size)) return open;
    reasons why = open.why();
    why.add(reason::closed);
    return cell::refused(why);
}

std::size_t restaurant_view::bytes() const noexcept {
    return sizeof(*this) + floor->bytes() + opening->bytes() + empty_floor.capacity() * sizeof(cell);
}

std::shared_ptr<const restaurant_view> make_view(std::shared_ptr<const restaurant> config,
                                                 std::shared_ptr<const zone> where,
                                                 const restaurant_view* previous) {
    auto view = std::make_shared<restaurant_view>();
    view->config = std::move(config);
    view->zone = std::move(where);
    const restaurant& now = *view->config;
    const bool keeps_floor = previous != nullptr && same_floor(now, *previous->config);
    view->floor = keeps_floor ? previous->floor : std::make_shared<const floor_plan>(now);

    const bool keeps_opening = previous != nullptr && previous->zone == view->zone &&
                               previous->has_tables() == view->has_tables() &&
                               same_opening(now, *previous->config);
    // Without tables there is nothing to offer on the hours' grid: published slots are all.
    const int interval_min = view->has_tables() ? now.rules.slot_interval_min : 0;
    view->opening = keeps_opening ? previous->opening
                                  : std::make_shared<const opening_plan>(now.profile.hours, now.special_days,
                                                                         interval_min, view->zone);

    for (int party = 1; party <= view->floor->party_sizes(); ++party) {
        const capacity found = judge_capacity(*view, opening_plan::endless_room, party,
                                              view->floor->sellable(), {}, std::nullopt);
        view->empty_floor.push_back(found.published());
    }
    view->for_readers = rules_for_readers(*view);
    return view;
}

}  // namespace qtable
