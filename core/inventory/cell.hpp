// What is published for one (start, party size): how many tables, or why none. Only what depends on no clock;
// past, notice, window and pause are applied when it is read. Plain value, any core.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/model/reasons.hpp"

namespace qtable {

class cell {
  public:
    static constexpr int count_max = 0x7fff;

    cell() = default;
    static cell available(int tables) noexcept {
        return cell(static_cast<std::uint16_t>(std::min(tables, count_max)));
    }
    static cell refused(reasons why) noexcept {
        unsigned bits = refused_bit;
        for (unsigned i = 0; i < told.size(); ++i) bits |= why.has(told[i]) ? 1U << i : 0U;
        return cell(static_cast<std::uint16_t>(bits));
    }
    static cell from_bits(std::uint16_t bits) noexcept { return cell(bits); }

    std::uint16_t bits() const noexcept { return bits_; }
    bool is_available() const noexcept { return (bits_ & refused_bit) == 0; }
    int available_tables() const noexcept { return is_available() ? bits_ : 0; }
    reasons why() const noexcept {
        reasons all;
        for (unsigned i = 0; i < told.size() && !is_available(); ++i) {
            if (((bits_ >> i) & 1U) != 0) all.add(told[i]);
        }
        return all;
    }
    friend bool operator==(const cell&, const cell&) = default;

  private:
    explicit cell(std::uint16_t bits) noexcept : bits_(bits) {}
    static constexpr std::uint16_t refused_bit = 0x8000;
    static constexpr std::array<reason, 4> told = {reason::no_table, reason::pacing, reason::closed,
                                                   reason::blocked};

    std::uint16_t bits_ = refused_bit | 1U;  // no_table
};

}  // namespace qtable
