// A set of tables of one floor plan, as bits by table index. Plain value, any core; no allocation.
// Bounds: limits::tables_per_restaurant. Loops run over the words that a floor plan uses, not over all of
// them.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/base/limits.hpp"

namespace qtable {

using table_index = std::uint16_t;

struct table_set {
    static constexpr std::size_t max_words = (limits::tables_per_restaurant + 63) / 64;
    std::array<std::uint64_t, max_words> words{};

    void add(table_index table) noexcept { words[table / 64U] |= std::uint64_t{1} << (table % 64U); }
    friend bool operator==(const table_set&, const table_set&) = default;
    bool has(table_index table) const noexcept { return ((words[table / 64U] >> (table % 64U)) & 1U) != 0; }
};

}  // namespace qtable
