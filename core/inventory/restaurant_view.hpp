// A restaurant's configuration compiled for questions about capacity: floor plan, opening plan, and what an
// empty floor offers each party size. Immutable once built; any core. The owner core builds one on each
// change of the configuration.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "core/base/zone.hpp"
#include "core/inventory/cell.hpp"
#include "core/inventory/floor_plan.hpp"
#include "core/inventory/opening_plan.hpp"
#include "core/model/restaurant.hpp"

namespace qtable {

// What a reader of availability asks of the configuration, in few bytes: search asks thousands.
struct reader_rules {
    instant paused_until{std::numeric_limits<std::int64_t>::min()};
    // Bit [party size - 1]: an empty floor seats it. Of the first 64 sizes; of larger ones ask the view.
    std::uint64_t seated_sizes = 0;
    int min_notice_min = 0;
    std::int16_t window_days = 0;
    // Parties outside of these are refused whatever is free.
    std::uint8_t party_min = 1;
    std::uint8_t party_max = 0;
    static constexpr int short_party_max = 12;
    std::array<std::int16_t, short_party_max> turn_times_min{};  // [party size - 1], likewise
    std::array<std::int16_t, short_party_max> empty_tables{};    // what an empty floor offers, likewise
};

struct restaurant_view {
    std::shared_ptr<const restaurant> config;
    std::shared_ptr<const qtable::zone> zone;
    std::shared_ptr<const floor_plan> floor;      // shared with the view before when it is the same
    std::shared_ptr<const opening_plan> opening;  // likewise; no starts where there are no tables
    std::vector<cell> empty_floor;  // [party size - 1]: any start of a day without bookings, closing aside
    reader_rules for_readers;

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
