// A restaurant's configuration compiled for questions about capacity: floor plan, opening plan, and what an
// empty floor offers each party size. Immutable once built; any core. The owner core builds one on each
// change of the configuration.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/base/zone.hpp"
#include "core/inventory/cell.hpp"
#include "core/inventory/floor_plan.hpp"
#include "core/inventory/opening_plan.hpp"
#include "core/model/restaurant.hpp"

namespace qtable {

struct restaurant_view {
    std::shared_ptr<const restaurant> config;
    std::shared_ptr<const qtable::zone> zone;
    std::shared_ptr<const floor_plan> floor;      // shared with the view before when it is the same
    std::shared_ptr<const opening_plan> opening;  // likewise; no starts where there are no tables
    std::vector<cell> empty_floor;  // [party size - 1]: any start of a day without bookings, closing aside

    const booking_rules& rules() const noexcept { return config->rules; }
    bool has_tables() const noexcept { return floor->table_count() > 0; }
    // What a day without bookings and published slots offers; party_size within floor->party_sizes().
    cell template_cell(int party_size, int room_min) const noexcept;
    std::size_t bytes() const noexcept;  // of what is compiled, not of `config`
};

// `previous` (may be null) is the view that this one replaces: what is unchanged is shared with it.
std::shared_ptr<const restaurant_view> make_view(std::shared_ptr<const restaurant> config,
                                                 std::shared_ptr<const zone> where,
                                                 const restaurant_view* previous = nullptr);

}  // namespace qtable
