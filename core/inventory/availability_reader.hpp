// Availability as any core reads it: from a day's board, or, for a day without one, from the template
// (opening plan and empty floor), with the reasons that depend on the clock added. No lock, no allocation, no
// hop. What a `start_view` points to is good until the core takes its next message.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "core/inventory/feasibility.hpp"
#include "core/inventory/live_restaurant.hpp"

namespace qtable {

struct start_view {
    int minute = 0;  // 0–2879
    instant starts_at;
    instant ends_at;
    int available_tables = 0;
    qtable::reasons reasons;
    const slot_id* slot = nullptr;

    bool is_available() const noexcept { return reasons.none(); }
};

// Minutes of a business day, both ends included.
struct minute_range {
    int first = 0;
    int last = opening_plan::last_minute;
};

// A party at a wall time of a business day, `window_min` sooner or later; the day may run past midnight.
struct wanted_time {
    qtable::date date;
    int minute = 0;      // 0–1439
    int window_min = 0;  // below 720
    int party_size = 0;

    std::array<minute_range, 2> ranges() const noexcept {
        const int next_day = minute + minutes_per_day;
        return {{{minute - window_min, minute + window_min}, {next_day - window_min, next_day + window_min}}};
    }
    // What the refusal blocks know of it.
    refusal_question refusals() const noexcept {
        return {date, minute - window_min, minute + window_min, party_size};
    }
};

// The starts of the business day that lie in one of the ranges, in their order, available or not. Nothing for
// a restaurant that isn't published yet. `visit(const start_view&)`.
template <class Visit>
void for_each_start(const live_restaurant& live, date day, int party_size, instant now,
                    std::span<const minute_range> within, Visit&& visit) {
    const board_index* const index = live.boards.load(std::memory_order_acquire);
    if (index == nullptr) return;
    const restaurant_view& view = *index->view;
    const date today = view.zone->local_at(now).date;
    const int turn_min = view.rules().turn_time_min(party_size);
    const reasons of_party = party_reasons(view, party_size);
    const bool judged = party_size >= 1 && party_size <= judged_party_sizes(view);

    const auto tell = [&](const day_start& start, cell value, const slot_id* slot) {
        start_view told{start.minute, start.starts_at, start.starts_at.plus_minutes(turn_min), 0, of_party,
                        slot};
        if (judged) told.reasons.add(value.why());
        told.reasons.add(clock_reasons(view, today, day, start.starts_at, now));
        if (told.is_available()) told.available_tables = value.available_tables();
        visit(told);
    };

    const day_board* const board = index->find(day);
    if (board == nullptr) {
        for (const minute_range& range : within) {
            view.opening->for_each_start(day, range.first, range.last, [&](const day_start& start) {
                tell(start, judged ? view.template_cell(party_size, start.room_min) : cell(), nullptr);
            });
        }
        return;
    }
    std::array<std::uint64_t, day_board::row_words_max> row;
    const bool has_row = judged && party_size <= board->party_sizes();
    if (has_row) board->read_row(party_size, row);
    // Only without tables a board lists fewer parties than are judged: those that no slot of the day fits.
    const cell no_slot = cell::refused(no_slot_reasons());
    for (const minute_range& range : within) {
        for (std::size_t i = board->lower_bound(range.first);
             i < board->start_count() && board->minute(i) <= range.last; ++i) {
            const slot_id* const slot = has_row ? board->slot_for(i, party_size) : nullptr;
            tell(board->start(i), has_row ? board->in_row(row, i) : no_slot, slot);
        }
    }
}

// All of them, ascending.
template <class Visit>
void for_each_start(const live_restaurant& live, date day, int party_size, instant now, Visit&& visit) {
    const minute_range all;
    for_each_start(live, day, party_size, now, std::span(&all, 1), visit);
}

// Search: whether any start within the window can seat the party.
bool can_seat(const live_restaurant& live, const wanted_time& wanted, instant now) noexcept;

// Begins to fetch what can_seat is going to read of each: their memory comes all at once.
void fetch_for_can_seat(std::span<const live_restaurant* const> restaurants,
                        const wanted_time& wanted) noexcept;

// A question for starts with a table, once what is the same for all of them has been looked up: in the
// board's index, mostly, since search asks of many restaurants whose memory nobody has read lately.
struct bookable_question {
    const board_index* index = nullptr;  // null: none is bookable
    const day_board* board = nullptr;    // null: the template
    instant earliest;
    int turn_min = 0;
    int empty_tables = 0;  // of the template

    static bookable_question of(const live_restaurant& live, const wanted_time& wanted, instant now) noexcept;
};

// And those starts.
template <class Visit>
void for_each_bookable(const live_restaurant& live, const wanted_time& wanted, instant now, Visit&& visit) {
    const auto asked = bookable_question::of(live, wanted, now);
    if (asked.index == nullptr) return;
    const auto tell = [&](const day_start& start, int tables, const slot_id* slot) {
        visit(start_view{
            start.minute, start.starts_at, start.starts_at.plus_minutes(asked.turn_min), tables, {}, slot});
    };
    for (const auto [first, last] : wanted.ranges()) {
        if (asked.board == nullptr) {
            asked.index->opening->for_each_start(wanted.date, first, last, [&](const day_start& start) {
                if (start.room_min >= asked.turn_min && start.starts_at >= asked.earliest)
                    tell(start, asked.empty_tables, nullptr);
            });
            continue;
        }
        const day_board& board = *asked.board;
        for (std::size_t i = board.lower_bound(first); i < board.start_count() && board.minute(i) <= last;
             ++i) {
            const cell value = board.at(i, wanted.party_size);
            const day_start start = board.start(i);
            if (value.is_available() && start.starts_at >= asked.earliest)
                tell(start, value.available_tables(), board.slot_for(i, wanted.party_size));
        }
    }
}

}  // namespace qtable
