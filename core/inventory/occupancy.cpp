#include "core/inventory/occupancy.hpp"

#include <algorithm>
#include <limits>

#include "core/base/assert.hpp"

namespace qtable {

namespace {

constexpr std::int64_t cell_ms = limits::grid_min * ms_per_minute;

std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
}

using day_mask = std::array<std::uint64_t, occupancy::words_per_day>;

// Calls `visit(day, first word, last word, mask)` for each UTC day that [from, until), rounded outwards, lies
// on.
template <class Visit>
void for_each_day(instant from, instant until, Visit&& visit) {
    const std::int64_t last = -floor_div(-until.ms, cell_ms);
    for (std::int64_t cell = floor_div(from.ms, cell_ms); cell < last;) {
        const std::int64_t day = floor_div(cell, occupancy::cells_per_day);
        const std::int64_t day_begin = day * occupancy::cells_per_day;
        const auto begin = static_cast<std::size_t>(cell - day_begin);
        const auto end =
            static_cast<std::size_t>(std::min<std::int64_t>(last - day_begin, occupancy::cells_per_day));
        day_mask mask{};
        const std::size_t first_word = begin / 64, last_word = (end - 1) / 64;
        for (std::size_t w = first_word; w <= last_word; ++w) mask[w] = ~std::uint64_t{0};
        mask[first_word] &= ~std::uint64_t{0} << (begin % 64);
        if (end % 64 != 0) mask[last_word] &= ~std::uint64_t{0} >> (64 - end % 64);
        visit(static_cast<std::int32_t>(day), first_word, last_word, mask);
        cell = day_begin + static_cast<std::int64_t>(end);
    }
}

}  // namespace

bool occupancy::is_free(table_index table, instant from, instant until) const noexcept {
    bool free = true;
    for_each_day(from, until,
                 [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
                     const auto found = days_.find(day);
                     if (found == days_.end()) return;
                     for (std::size_t w = first; w <= last; ++w)
                         free = free && (found->second[table][w] & mask[w]) == 0;
                 });
    return free;
}

table_set occupancy::free_tables(instant from, instant until) const noexcept {
    table_set free;
    for (std::size_t t = 0; t < table_count_; t += 64) free.words[t / 64] = ~std::uint64_t{0};
    if (table_count_ % 64 != 0) free.words[table_count_ / 64] = ~std::uint64_t{0} >> (64 - table_count_ % 64);
    for_each_day(from, until,
                 [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
                     const auto found = days_.find(day);
                     if (found == days_.end()) return;
                     const table_day* const bits = found->second.data();
                     for (std::size_t t = 0; t < table_count_; ++t) {
                         std::uint64_t taken = 0;
                         for (std::size_t w = first; w <= last; ++w) taken |= bits[t][w] & mask[w];
                         free.words[t / 64] &= ~(std::uint64_t{taken != 0} << (t % 64));
                     }
                 });
    return free;
}

bool occupancy::any_taken(instant from, instant until) const noexcept {
    bool any = false;
    for_each_day(from, until,
                 [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
                     const auto found = days_.find(day);
                     if (found == days_.end()) return;
                     for (const table_day& bits : found->second) {
                         for (std::size_t w = first; w <= last; ++w) any = any || (bits[w] & mask[w]) != 0;
                     }
                 });
    return any;
}

std::optional<instant> occupancy::next_taken(table_index table, instant from,
                                             const occupancy& aside) const noexcept {
    const std::int64_t first_cell = floor_div(from.ms, cell_ms);
    std::int64_t next = std::numeric_limits<std::int64_t>::max();
    for (const auto& [day, bits] : days_) {
        const std::int64_t day_begin = std::int64_t{day} * cells_per_day;
        if (day_begin + cells_per_day <= first_cell || day_begin >= next) continue;
        const auto other = aside.days_.find(day);
        for (std::size_t w = 0; w < words_per_day; ++w) {
            std::uint64_t taken = bits[table][w];
            if (other != aside.days_.end()) taken &= ~other->second[table][w];
            const std::int64_t word_begin = day_begin + static_cast<std::int64_t>(w) * 64;
            if (word_begin < first_cell) {
                const std::int64_t skipped = first_cell - word_begin;
                taken = skipped < 64 ? taken & (~std::uint64_t{0} << skipped) : 0;
            }
            if (taken == 0) continue;
            next = std::min(next, word_begin + std::countr_zero(taken));
            break;
        }
    }
    if (next == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return std::max(from, instant{next * cell_ms});
}

void occupancy::take(table_index table, instant from, instant until) {
    QTABLE_ASSERT(is_free(table, from, until));
    cover(table, from, until);
}

void occupancy::cover(table_index table, instant from, instant until) {
    QTABLE_ASSERT(table < table_count_);
    for_each_day(from, until,
                 [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
                     day_bits& bits = days_[day];
                     if (bits.empty()) bits.resize(table_count_);
                     for (std::size_t w = first; w <= last; ++w) bits[table][w] |= mask[w];
                 });
}

void occupancy::release(table_index table, instant from, instant until) {
    for_each_day(
        from, until, [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
            const auto found = days_.find(day);
            QTABLE_ASSERT(found != days_.end());
            for (std::size_t w = first; w <= last; ++w) {
                std::uint64_t& word = found->second[table][w];
                QTABLE_ASSERT((word & mask[w]) == mask[w]);
                word &= ~mask[w];
            }
            const bool empty = std::all_of(found->second.begin(), found->second.end(),
                                           [](const table_day& bits) { return bits == table_day{}; });
            if (empty) days_.erase(found);
        });
}

std::size_t occupancy::bytes() const noexcept {
    std::size_t total = days_.bucket_count() * (sizeof(std::int32_t) + sizeof(day_bits) + 1);
    for (const auto& [day, bits] : days_) total += bits.capacity() * sizeof(table_day);
    return total;
}

}  // namespace qtable
