// The published availability of one business day on which something is booked or published: its starts, and a
// packed cell for every (party size, start). Starts and slot ids never change: another set of them is another
// board. Owner: `write`. Any core: everything else. A row of cells is read whole or not at all
// (core/sync/published_words.hpp). Cells take 8 bits where counts stay below 127, else 16. One cell answers a
// search: no second set of bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/inventory/cell.hpp"
#include "core/inventory/opening_plan.hpp"
#include "core/sync/published_words.hpp"

namespace qtable {

class day_board {
  public:
    struct published_slot_id {
        std::uint16_t start = 0;  // index
        std::uint8_t party_size = 0;
        slot_id id;
    };

    // `slots` sorted by start, then party size; `count_bound`: no cell will ever count more.
    day_board(date day, const std::vector<day_start>& starts, int party_sizes, int count_bound,
              std::vector<published_slot_id> slots);

    date day() const noexcept { return day_; }
    // Of the cells (core/sync/published_words.hpp): the same even number twice, the same cells.
    std::uint64_t sequence() const noexcept { return words_.sequence(); }
    int party_sizes() const noexcept { return party_sizes_; }
    int count_bound() const noexcept { return cell_bits_ == 8 ? narrow_count_max : cell::count_max; }
    std::size_t start_count() const noexcept { return starts_.size(); }
    day_start start(std::size_t index) const noexcept {
        const packed_start& s = starts_[index];
        return {s.minute, base_.plus_ms(s.after_base_s * ms_per_second), s.room_min};
    }
    int minute(std::size_t index) const noexcept { return starts_[index].minute; }
    // The first start at or after `minute`.
    std::size_t lower_bound(int minute) const noexcept;
    // The id of the smallest published slot at that start that fits the party; null without one.
    const slot_id* slot_for(std::size_t start, int party_size) const noexcept;

    // Begins to fetch what a search for the party reads.
    void fetch(int party_size) const noexcept {
        const auto* const starts = reinterpret_cast<const char*>(starts_.data());
        for (std::size_t at = 0; at < starts_.size() * sizeof(packed_start); at += 64)
            __builtin_prefetch(starts + at);
        if (party_size <= party_sizes_) words_.fetch(first_word(party_size));
    }

    // party_size within 1…party_sizes().
    cell at(std::size_t start, int party_size) const noexcept;

    // A wall minute is a start at most once a day.
    static constexpr std::size_t row_words_max = (minutes_per_day * 16 + 63) / 64;
    std::size_t row_words() const noexcept { return row_words_; }
    void read_row(int party_size, std::span<std::uint64_t> out) const noexcept;  // row_words() words
    cell in_row(std::span<const std::uint64_t> row, std::size_t start) const noexcept;
    void put_in_row(std::span<std::uint64_t> row, std::size_t start, cell value) const noexcept;
    // The same for the starts [first, last).
    void fill_in_row(std::span<std::uint64_t> row, std::size_t first, std::size_t last,
                     cell value) const noexcept;
    void write_row(int party_size, std::span<const std::uint64_t> row) noexcept;

    std::size_t bytes() const noexcept;

    static constexpr int narrow_count_max = 0x7f;

  private:
    struct packed_start {
        std::uint32_t after_base_s = 0;
        std::int16_t minute = 0;
        std::int16_t room_min = 0;
    };

    std::size_t first_word(int party_size) const noexcept {
        return static_cast<std::size_t>(party_size - 1) * row_words_;
    }
    cell unpack(std::uint64_t word, std::size_t bit) const noexcept;
    std::uint64_t pack(cell value) const noexcept;

    date day_;
    std::uint8_t cell_bits_;
    int party_sizes_;
    instant base_;  // of the first start
    std::vector<packed_start> starts_;
    std::vector<published_slot_id> slots_;
    std::size_t row_words_;
    published_words words_;
};

}  // namespace qtable
