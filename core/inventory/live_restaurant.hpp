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

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/inventory/day_board.hpp"
#include "core/inventory/restaurant_view.hpp"

namespace qtable {

// The days that have a board, and the view that the boards were computed with.
struct board_index {
    const restaurant_view* view = nullptr;
    std::uint64_t generation = 0;  // never twice the same for one restaurant
    std::vector<date> days;  // ascending
    std::vector<const day_board*> boards;

    const day_board* find(date day) const noexcept {
        const auto found = std::lower_bound(days.begin(), days.end(), day);
        if (found == days.end() || *found != day) return nullptr;
        return boards[static_cast<std::size_t>(found - days.begin())];
    }
};

struct live_restaurant {
    restaurant_id id;
    std::uint16_t owner = 0;  // index of its core
    // Both null until the first publish. Readers of availability take `boards` alone: it names the view it
    // goes with.
    std::atomic<const restaurant_view*> view{nullptr};
    std::atomic<const board_index*> boards{nullptr};
    std::uint64_t generations = 0;  // the owner's: how many indexes were published
};

using retired = std::shared_ptr<const void>;

}  // namespace qtable
