#include "core/inventory/availability_reader.hpp"

namespace qtable {

namespace {

// What the clock asks of a start, gathered once per question.
struct start_bounds {
    instant earliest;
    bool none = false;  // no start of that day

    start_bounds(const restaurant_view& view, date day, instant now) noexcept
        : earliest(now.plus_minutes(view.rules().min_notice_min)) {
        const bool paused = view.config->paused_until && now < *view.config->paused_until;
        none = paused || day > view.zone->local_at(now).date.plus_days(view.rules().window_days);
    }
};

bool board_can_seat(const day_board& board, int party_size, int first_min, int last_min,
                    instant earliest) noexcept {
    for (std::size_t i = board.lower_bound(first_min); i < board.start_count(); ++i) {
        if (board.minute(i) > last_min) return false;
        if (board.at(i, party_size).is_available() && board.start(i).starts_at >= earliest) return true;
    }
    return false;
}

}  // namespace

bool can_seat(const live_restaurant& live, const wanted_time& wanted, instant now) noexcept {
    const board_index* const index = live.boards.load(std::memory_order_acquire);
    if (index == nullptr) return false;
    const restaurant_view& view = *index->view;
    if (!party_reasons(view, wanted.party_size).none()) return false;
    const start_bounds clock(view, wanted.date, now);
    if (clock.none) return false;

    const day_board* const board = index->find(wanted.date);
    const int parties = board != nullptr ? board->party_sizes() : view.floor->party_sizes();
    if (wanted.party_size > parties) return false;
    if (board == nullptr &&
        !view.template_cell(wanted.party_size, opening_plan::endless_room).is_available()) {
        return false;
    }
    const int turn_min = view.rules().turn_time_min(wanted.party_size);
    bool found = false;
    for (const int minute : {wanted.minute, wanted.minute + minutes_per_day}) {
        const int first = minute - wanted.window_min, last = minute + wanted.window_min;
        if (board != nullptr) {
            found = board_can_seat(*board, wanted.party_size, first, last, clock.earliest);
        } else {
            view.opening->for_each_start(wanted.date, first, last, [&](const day_start& start) {
                found = found || (start.room_min >= turn_min && start.starts_at >= clock.earliest);
            });
        }
        if (found) break;
    }
    return found;
}

}  // namespace qtable
