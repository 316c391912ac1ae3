// Which tables are taken when: a bitset per table and UTC day on the grid of limits::grid_min minutes. UTC
// days, not business days, so that nights past midnight and overlapping business days meet in the same cells.
// Owner core only. Times are half-open and rounded outwards to the grid. Only days with something taken use
// memory. Invariant: a cell is taken once; taking it again is a broken invariant and aborts.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/limits.hpp"
#include "core/base/time.hpp"
#include "core/inventory/table_set.hpp"

namespace qtable {

class occupancy {
  public:
    static constexpr int cells_per_day = minutes_per_day / limits::grid_min;
    static constexpr std::size_t words_per_day = (cells_per_day + 63) / 64;

    explicit occupancy(std::size_t table_count) : table_count_(table_count) {}

    bool is_free(table_index table, instant from, instant until) const noexcept;
    // Of all tables those that are free for the whole time.
    table_set free_tables(instant from, instant until) const noexcept;
    bool any_taken(instant from, instant until) const noexcept;
    // The first moment at or after `from` at which the table is taken here and not in `aside`; never:
    // nothing.
    std::optional<instant> next_taken(table_index table, instant from, const occupancy& aside) const noexcept;

    void take(table_index table, instant from, instant until);  // every cell was free
    void cover(table_index table, instant from,
               instant until);  // cells may be taken already, by the same booking
    void release(table_index table, instant from, instant until);  // every cell was taken

    friend bool operator==(const occupancy& a, const occupancy& b) { return a.days_ == b.days_; }
    std::size_t day_count() const noexcept { return days_.size(); }
    std::size_t bytes() const noexcept;

  private:
    using table_day = std::array<std::uint64_t, words_per_day>;
    using day_bits = std::vector<table_day>;  // by table

    std::size_t table_count_;
    boost::unordered_flat_map<std::int32_t, day_bits> days_;  // by days since 1970
};

}  // namespace qtable
