#include "core/inventory/occupancy.hpp"

#include <algorithm>
#include <limits>

#include "core/base/assert.hpp"
#include "core/base/mutant.hpp"

namespace qtable {

namespace {

std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
    return a / b - (a % b < 0 ? 1 : 0);
}

using day_mask = std::array<std::uint64_t, occupancy::words_per_day>;

// Calls `visit(day, first word, last word, mask)` for each UTC day that [from, until), rounded outwards, lies
// on.
template <class Visit>
void for_each_day(instant from, instant until, Visit&& visit) {
    const std::int64_t last =
        -floor_div(-until.ms, occupancy::cell_ms) + (mutant_on(mutant::closed_ranges) ? 1 : 0);
    for (std::int64_t cell = floor_div(from.ms, occupancy::cell_ms); cell < last;) {
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

// How far a stay is looked at when somebody asks whether it is free: to its end.
instant checked_until(instant from, instant until) noexcept {
    if (!mutant_on(mutant::skips_next_day)) return until;
    return std::min(until, instant{(floor_div(from.ms, ms_per_day) + 1) * ms_per_day});
}

constexpr auto is_before = [](const auto& taken, table_index table) { return taken.table < table; };

}  // namespace

const occupancy::table_bits* occupancy::find(const day_tables& on, table_index table) noexcept {
    const auto found = std::lower_bound(on.begin(), on.end(), table, is_before);
    return found != on.end() && found->table == table ? &found->bits : nullptr;
}

bool occupancy::is_free(table_index table, instant from, instant until) const noexcept {
    bool free = true;
    if (mutant_on(mutant::memory_never_refuses)) return free;
    for_each_day(from, checked_until(from, until),
                 [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
                     const auto found = days_.find(day);
                     const table_bits* const bits =
                         found != days_.end() ? find(found->second, table) : nullptr;
                     if (bits == nullptr) return;
                     for (std::size_t w = first; w <= last; ++w) free = free && ((*bits)[w] & mask[w]) == 0;
                 });
    return free;
}

table_set occupancy::all_tables() const noexcept {
    table_set all;
    for (std::size_t t = 0; t < table_count_; t += 64) all.words[t / 64] = ~std::uint64_t{0};
    if (table_count_ % 64 != 0) all.words[table_count_ / 64] = ~std::uint64_t{0} >> (64 - table_count_ % 64);
    return all;
}

table_set occupancy::free_tables(instant from, instant until) const noexcept {
    table_set free = all_tables();
    if (mutant_on(mutant::memory_never_refuses)) return free;
    for_each_day(from, checked_until(from, until),
                 [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
                     const auto found = days_.find(day);
                     if (found == days_.end()) return;
                     for (const auto& [table, bits] : found->second) {
                         std::uint64_t taken = 0;
                         for (std::size_t w = first; w <= last; ++w) taken |= bits[w] & mask[w];
                         free.words[table / 64U] &= ~(std::uint64_t{taken != 0} << (table % 64U));
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
                     for (const taken_table& each : found->second) {
                         for (std::size_t w = first; w <= last; ++w)
                             any = any || (each.bits[w] & mask[w]) != 0;
                     }
                 });
    return any;
}

taken_by_time occupancy::by_time(instant from, instant until) const {
    taken_by_time seen;
    const std::int64_t end = seen.end_cell(until);
    seen.begin_ = std::min(seen.first_cell(from), end);
    seen.taken_from_ = end;
    seen.taken_until_ = seen.begin_;
    seen.words_ = (table_count_ + 63) / 64;
    seen.cells_.resize(static_cast<std::size_t>(end - seen.begin_) * seen.words_);
    const auto add = [&seen](const taken_table& taken, std::int64_t first_cell, std::uint64_t bits) {
        for (std::uint64_t left = bits; left != 0; left &= left - 1) {
            const std::int64_t cell = first_cell + std::countr_zero(left);
            seen.taken_from_ = std::min(seen.taken_from_, cell);
            seen.taken_until_ = std::max(seen.taken_until_, cell + 1);
            seen.cells_[static_cast<std::size_t>(cell - seen.begin_) * seen.words_ + taken.table / 64U] |=
                std::uint64_t{1} << (taken.table % 64U);
        }
    };
    for_each_day(from, until,
                 [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
                     const auto found = days_.find(day);
                     if (found == days_.end()) return;
                     const std::int64_t day_begin = std::int64_t{day} * cells_per_day;
                     for (const taken_table& each : found->second) {
                         for (std::size_t w = first; w <= last; ++w)
                             add(each, day_begin + static_cast<std::int64_t>(w) * 64, each.bits[w] & mask[w]);
                     }
                 });
    return seen;
}

std::int64_t taken_by_time::first_cell(instant from) const noexcept {
    return floor_div(from.ms, occupancy::cell_ms);
}

std::int64_t taken_by_time::end_cell(instant until) const noexcept {
    return -floor_div(-until.ms, occupancy::cell_ms);
}

std::optional<instant> occupancy::next_taken(table_index table, instant from,
                                             const occupancy& aside) const noexcept {
    const std::int64_t first_cell = floor_div(from.ms, occupancy::cell_ms);
    std::int64_t next = std::numeric_limits<std::int64_t>::max();
    for (const auto& [day, tables] : days_) {
        const std::int64_t day_begin = std::int64_t{day} * cells_per_day;
        if (day_begin + cells_per_day <= first_cell || day_begin >= next) continue;
        const table_bits* const bits = find(tables, table);
        if (bits == nullptr) continue;
        const auto other = aside.days_.find(day);
        const table_bits* const own = other != aside.days_.end() ? find(other->second, table) : nullptr;
        for (std::size_t w = 0; w < words_per_day; ++w) {
            std::uint64_t taken = (*bits)[w];
            if (own != nullptr) taken &= ~(*own)[w];
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
    return std::max(from, instant{next * occupancy::cell_ms});
}

void occupancy::take(table_index table, instant from, instant until) {
    QTABLE_ASSERT(is_free(table, from, until));
    cover(table, from, until);
}

bool occupancy::cover(table_index table, instant from, instant until) {
    QTABLE_ASSERT(table < table_count_);
    std::uint64_t taken = 0;
    for_each_day(from, until,
                 [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
                     day_tables& on = days_[day];
                     auto at = std::lower_bound(on.begin(), on.end(), table, is_before);
                     if (at == on.end() || at->table != table) at = on.insert(at, {table, {}});
                     for (std::size_t w = first; w <= last; ++w) {
                         taken |= at->bits[w] & mask[w];
                         at->bits[w] |= mask[w];
                     }
                 });
    return taken == 0;
}

void occupancy::release(table_index table, instant from, instant until) {
    for_each_day(from, until,
                 [&](std::int32_t day, std::size_t first, std::size_t last, const day_mask& mask) {
                     const auto found = days_.find(day);
                     QTABLE_ASSERT(found != days_.end());
                     day_tables& on = found->second;
                     const auto at = std::lower_bound(on.begin(), on.end(), table, is_before);
                     QTABLE_ASSERT(at != on.end() && at->table == table);
                     for (std::size_t w = first; w <= last; ++w) {
                         std::uint64_t& word = at->bits[w];
                         QTABLE_ASSERT((word & mask[w]) == mask[w]);
                         word &= ~mask[w];
                     }
                     if (at->bits == table_bits{}) on.erase(at);
                     if (on.empty()) days_.erase(found);
                 });
}

std::size_t occupancy::bytes() const noexcept {
    std::size_t total = days_.bucket_count() * (sizeof(std::int32_t) + sizeof(day_tables) + 1);
    for (const auto& [day, tables] : days_) total += tables.capacity() * sizeof(taken_table);
    return total;
}

}  // namespace qtable
