#include "core/inventory/availability_life.hpp"

#include <algorithm>

#include "core/inventory/availability_reader.hpp"

namespace qtable {

namespace {

// Narrows the stretch around `now` by moments after which (not at which) the answer is another one.
class stretch {
  public:
    stretch(availability_life& life, instant now) noexcept : life_(life), now_(now) {}
    void changes_after(instant moment) noexcept {
        if (moment < now_) {
            life_.after = std::max(life_.after, moment);
        } else {
            life_.until = std::min(life_.until, moment);
        }
    }

  private:
    availability_life& life_;
    instant now_;
};

published_state state_of(const board_index& index, date day) noexcept {
    const day_board* const board = index.find(day);
    return {index.generation, board != nullptr ? board->sequence() : 0};
}

bool is_being_written(const published_state& state) noexcept {
    return (state.sequence & 1) != 0;
}

}  // namespace

std::optional<published_state> published_state_of(const live_restaurant& live, date day) noexcept {
    const board_index* const index = live.boards.load(std::memory_order_acquire);
    if (index == nullptr) return std::nullopt;
    const published_state state = state_of(*index, day);
    return is_being_written(state) ? std::nullopt : std::optional(state);
}

std::optional<availability_life> life_of_answer(const live_restaurant& live, date day, instant now) noexcept {
    const board_index* const index = live.boards.load(std::memory_order_acquire);
    if (index == nullptr) return std::nullopt;
    availability_life life{state_of(*index, day), instant{0}, now.plus_ms(ms_per_day)};
    if (is_being_written(life.state)) return std::nullopt;
    const restaurant_view& view = *index->view;
    stretch around(life, now);

    // The rules that look at the clock, as `clock_reasons` applies them.
    for_each_start(live, day, 1, now, [&](const start_view& start) {
        around.changes_after(start.starts_at);
        around.changes_after(start.starts_at.plus_minutes(-view.rules().min_notice_min));
    });
    if (view.config->paused_until) around.changes_after(view.config->paused_until->plus_ms(-1));
    const date today = view.zone->local_at(now).date;
    around.changes_after(view.zone->resolve_or_gap_end(today, 0).plus_ms(-1));
    around.changes_after(view.zone->resolve_or_gap_end(today.plus_days(1), 0).plus_ms(-1));
    return life;
}

}  // namespace qtable
