#include "core/inventory/availability_reader.hpp"

namespace qtable {

namespace {

// What the clock asks of a start, gathered once per question.
struct start_bounds {
    instant earliest;
    bool none = false;  // no start of that day

    start_bounds(const board_index& index, date day, instant now) noexcept
        : earliest(now.plus_minutes(index.rules.min_notice_min)),
          none(now < index.rules.paused_until || is_beyond_window(index, day, now)) {}

  private:
    static bool is_beyond_window(const board_index& index, date day, instant now) noexcept {
        // Nowhere is it two days before UTC's: most questions need no look at the zone.
        const std::int64_t least_today = now.ms / ms_per_day - 2;
        if (day.days <= least_today + index.rules.window_days) return false;
        return day > index.zone->local_at(now).date.plus_days(index.rules.window_days);
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

// An empty floor, closing aside.
bool template_can_seat(const board_index& index, int party_size) noexcept {
    if (party_size <= 64) return ((index.rules.seated_sizes >> (party_size - 1)) & 1U) != 0;
    return party_size <= index.view->floor->party_sizes() &&
           index.view->template_cell(party_size, opening_plan::endless_room).is_available();
}

int turn_time_min(const board_index& index, int party_size) noexcept {
    if (party_size > reader_rules::short_party_max) return index.view->rules().turn_time_min(party_size);
    return index.rules.turn_times_min[static_cast<std::size_t>(party_size - 1)];
}

int empty_tables_of(const board_index& index, int party_size) noexcept {
    if (party_size > reader_rules::short_party_max)
        return index.view->template_cell(party_size, opening_plan::endless_room).available_tables();
    return index.rules.empty_tables[static_cast<std::size_t>(party_size - 1)];
}

void fetch(const void* first, std::size_t bytes) noexcept {
    constexpr std::uintptr_t within_line = cache_line_bytes - 1;
    const auto begin = reinterpret_cast<std::uintptr_t>(first) & ~within_line;
    const auto end = reinterpret_cast<std::uintptr_t>(first) + bytes;
    for (std::uintptr_t at = begin; at < end; at += cache_line_bytes)
        __builtin_prefetch(reinterpret_cast<const void*>(at));
}

}  // namespace

bookable_question bookable_question::of(const live_restaurant& live, const wanted_time& wanted,
                                        instant now) noexcept {
    bookable_question asked;
    const board_index* const index = live.boards.load(std::memory_order_acquire);
    if (index == nullptr) return asked;
    const int party = wanted.party_size;
    if (party < index->rules.party_min || party > index->rules.party_max) return asked;
    const start_bounds clock(*index, wanted.date, now);
    if (clock.none) return asked;

    asked.board = index->find(wanted.date);
    if (asked.board != nullptr ? party > asked.board->party_sizes() : !template_can_seat(*index, party))
        return asked;
    asked.index = index;
    asked.earliest = clock.earliest;
    asked.turn_min = turn_time_min(*index, party);
    if (asked.board == nullptr) asked.empty_tables = empty_tables_of(*index, party);
    return asked;
}

bool can_seat(const live_restaurant& live, const wanted_time& wanted, instant now) noexcept {
    const auto asked = bookable_question::of(live, wanted, now);
    if (asked.index == nullptr) return false;
    bool found = false;
    for (const auto [first, last] : wanted.ranges()) {
        if (asked.board != nullptr) {
            found = board_can_seat(*asked.board, wanted.party_size, first, last, asked.earliest);
        } else {
            asked.index->opening->for_each_start(wanted.date, first, last, [&](const day_start& start) {
                found = found || (start.room_min >= asked.turn_min && start.starts_at >= asked.earliest);
            });
        }
        if (found) break;
    }
    return found;
}

// One pointer after the other, each for all.
void fetch_for_can_seat(std::span<const live_restaurant* const> restaurants,
                        const wanted_time& wanted) noexcept {
    for (const live_restaurant* each : restaurants) fetch(each, sizeof(*each));
    for (const live_restaurant* each : restaurants)
        fetch(each->boards.load(std::memory_order_acquire), sizeof(board_index));
    for (const live_restaurant* each : restaurants) {
        const board_index* const index = each->boards.load(std::memory_order_acquire);
        if (index == nullptr) continue;
        if (index->days.empty()) {
            fetch(index->opening, sizeof(opening_plan));
        } else {
            fetch(index->days.data(), 64);
        }
    }
    for (const live_restaurant* each : restaurants) {
        const board_index* const index = each->boards.load(std::memory_order_acquire);
        if (index == nullptr || index->days.empty()) continue;
        if (const day_board* const board = index->find(wanted.date)) {
            fetch(board, sizeof(*board));
        } else {
            fetch(index->opening, sizeof(opening_plan));
        }
    }
    for (const live_restaurant* each : restaurants) {
        const board_index* const index = each->boards.load(std::memory_order_acquire);
        const day_board* const board = index != nullptr ? index->find(wanted.date) : nullptr;
        if (board != nullptr) board->fetch(wanted.party_size);
    }
}

}  // namespace qtable
