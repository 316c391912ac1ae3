// What other cores see of a restaurant: two pointers that its owner swaps, to things that never change or
// change by atomic words. Any core may load them and use what they point to until it takes its next message;
// the owner replaces them in `inventory::publish` and hands back what it replaced as `retired`, to be dropped
// only after every core has passed a message round.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/cache_line.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/inventory/day_board.hpp"
#include "core/inventory/refusals.hpp"
#include "core/inventory/restaurant_view.hpp"

namespace qtable {

// The days that have a board, and the view that the boards were computed with. What search asks first lies
// right here; it reads these of thousands that are in no cache.
struct alignas(cache_line_bytes) board_index {
    const restaurant_view* view = nullptr;
    const qtable::zone* zone = nullptr;  // of the view, as what follows
    const opening_plan* opening = nullptr;
    reader_rules rules;
    std::uint64_t generation = 0;  // never twice the same for one restaurant
    struct entry {
        qtable::date date;
        const day_board* board = nullptr;
    };
    std::vector<entry> days;  // ascending

    const day_board* find(date day) const noexcept {
        if (days.empty() || day < days.front().date) return nullptr;
        // Days mostly follow each other; one can't stand farther back than its distance from the first.
        const auto away = static_cast<std::size_t>(day.days - days.front().date.days);
        const std::size_t last = std::min(away, days.size() - 1);
        if (days[last].date == day) return days[last].board;
        const auto until = days.begin() + static_cast<std::ptrdiff_t>(last);
        const auto found = std::lower_bound(days.begin(), until, day,
                                            [](const entry& e, qtable::date key) { return e.date < key; });
        return found != until && found->date == day ? found->board : nullptr;
    }
};

static_assert(sizeof(board_index) == 2 * cache_line_bytes);

struct alignas(cache_line_bytes) live_restaurant {
    restaurant_id id;
    std::uint16_t owner = 0;  // index of its core
    // Both null until the first publish. Readers of availability take `boards` alone: it names the view it
    // goes with.
    std::atomic<const restaurant_view*> view{nullptr};
    std::atomic<const board_index*> boards{nullptr};

    // Where its refusals stand: given once, by who builds the search catalogue; null until then.
    std::atomic<refusal_block*> refusals{nullptr};
    std::uint32_t refusal_number = 0;  // block · places + place; valid with `refusals`
    bool has_shown_refusals = false;   // the owner's

    refusal_place place_of_refusals() const noexcept {
        refusal_block* const block = refusals.load(std::memory_order_acquire);
        return block != nullptr ? refusal_place(block, refusal_number % refusal_block::places)
                                : refusal_place();
    }
    std::uint64_t generations = 0;  // the owner's: how many indexes were published
};

}  // namespace qtable
