// What search may skip: an inventory's days among the refusals.

#include <utility>
#include <vector>

#include "core/inventory/inventory.hpp"

namespace qtable {

void inventory::show_sold_out(const day_board& board, std::uint64_t half_hours, std::vector<retired>& out) {
    refusals_.show_day(board.day(), sold_out_on(*view_, board), half_hours, forgotten_before_, out);
}

// What is not told day by day. To a place that is new, or was another inventory's before: all.
void inventory::show_refusals(live_restaurant& live, std::vector<retired>& out) {
    refusal_place place = live.place_of_refusals();
    if (!place || (place == refusals_ && !week_changed_)) return;
    std::vector<date> odd_days = slots_.days();
    for (const special_day& each : view_->config->special_days) {
        if (each.date >= forgotten_before_) odd_days.push_back(each.date);
    }
    place.show_week(*view_, odd_days);
    place.forget_before(forgotten_before_, out);
    week_changed_ = false;
    if (place == refusals_) return;
    refusals_ = place;
    if (std::exchange(live.has_shown_refusals, true)) refusals_.clear_days();
    for (const auto& [day, board] : boards_) show_sold_out(*board, refusal_place::all_half_hours, out);
}

}  // namespace qtable
