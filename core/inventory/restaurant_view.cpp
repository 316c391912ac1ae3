#include "core/inventory/restaurant_view.hpp"

#include <algorithm>
#include <utility>

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
    return view;
}

}  // namespace qtable
