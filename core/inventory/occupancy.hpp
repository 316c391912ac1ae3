// Which tables are taken when: a bitset per table and UTC day on the grid of limits::grid_min minutes. UTC
// days, not business days, so that nights past midnight and overlapping business days meet in the same cells.
// Owner core only. Times are half-open and rounded outwards to the grid. Only tables and days with something
// taken use memory: 48 bytes for a table on a day. Invariant: a cell is taken once; taking it again is a
// broken invariant and aborts.
#pragma once

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/limits.hpp"
#include "core/base/time.hpp"
#include "core/inventory/table_set.hpp"

namespace qtable {

// Which tables are taken in each cell of a stretch of time: where many windows over the same hours are looked
// at. As it was when it was made.
class taken_by_time {
  public:
    // Cells by number; times round outwards.
    std::int64_t first_cell(instant from) const noexcept;
    std::int64_t end_cell(instant until) const noexcept;
    // Adds the tables that are taken within the cells [first, end), which lie in the stretch.
    void collect(std::int64_t first, std::int64_t end, table_set& to) const noexcept {
        const std::int64_t last = std::min(end, taken_until_);
        for (std::int64_t cell = std::max(first, taken_from_); cell < last; ++cell) {
            const std::uint64_t* const tables =
                cells_.data() + static_cast<std::size_t>(cell - begin_) * words_;
            for (std::size_t w = 0; w < words_; ++w) to.words[w] |= tables[w];
        }
    }
    // Words of a set that may differ from zero.
    std::size_t words() const noexcept { return words_; }

  private:
    friend class occupancy;
    std::int64_t begin_ = 0;
    std::int64_t taken_from_ = 0, taken_until_ = 0;             // cells with anything taken lie in between
    std::size_t words_ = 0;                                     // of a cell
    boost::container::small_vector<std::uint64_t, 512> cells_;  // [cell - begin][word]: tables
};

class occupancy {
  public:
    static constexpr std::int64_t cell_ms = limits::grid_min * ms_per_minute;
    static constexpr int cells_per_day = minutes_per_day / limits::grid_min;
    static constexpr std::size_t words_per_day = (cells_per_day + 63) / 64;

    explicit occupancy(std::size_t table_count) : table_count_(table_count) {}

    bool is_free(table_index table, instant from, instant until) const noexcept;
    // Of all tables those that are free for the whole time.
    table_set free_tables(instant from, instant until) const noexcept;
    table_set all_tables() const noexcept;
    taken_by_time by_time(instant from, instant until) const;
    bool any_taken(instant from, instant until) const noexcept;
    // The first moment at or after `from` at which the table is taken here and not in `aside`; never:
    // nothing.
    std::optional<instant> next_taken(table_index table, instant from, const occupancy& aside) const noexcept;

    void take(table_index table, instant from, instant until);  // every cell was free
    // Cells may be taken already, by the same booking. False: some were.
    bool cover(table_index table, instant from, instant until);
    void release(table_index table, instant from, instant until);  // every cell was taken

    friend bool operator==(const occupancy& a, const occupancy& b) { return a.days_ == b.days_; }
    std::size_t day_count() const noexcept { return days_.size(); }
    std::size_t bytes() const noexcept;

  private:
    using table_bits = std::array<std::uint64_t, words_per_day>;
    struct taken_table {
        table_index table = 0;
        table_bits bits{};
        friend bool operator==(const taken_table&, const taken_table&) = default;
    };
    using day_tables = std::vector<taken_table>;  // ascending; each has something taken

    static const table_bits* find(const day_tables& on, table_index table) noexcept;

    std::size_t table_count_;
    boost::unordered_flat_map<std::int32_t, day_tables> days_;  // by days since 1970; none is empty
};

}  // namespace qtable
