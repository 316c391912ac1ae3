// Why a party can't sit at a time: the reason codes of the contract as a set of bits, the same everywhere
// they are told.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace qtable {

enum class reason : std::uint8_t {
    no_table,
    pacing,
    closed,
    min_notice,
    max_notice,
    party_too_small,
    party_too_large,
    paused,
    blocked,  // a published slot that is closed or used up
    past,
    count_
};

class reasons {
  public:
    constexpr reasons() = default;
    constexpr explicit reasons(std::uint16_t bits) : bits_(bits) {}
    constexpr reasons(reason only) : bits_(static_cast<std::uint16_t>(1U << static_cast<unsigned>(only))) {}

    constexpr std::uint16_t bits() const noexcept { return bits_; }
    constexpr bool none() const noexcept { return bits_ == 0; }
    constexpr bool has(reason which) const noexcept {
        return ((bits_ >> static_cast<unsigned>(which)) & 1U) != 0;
    }
    constexpr void add(reasons more) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | more.bits_); }
    friend constexpr bool operator==(const reasons&, const reasons&) = default;

  private:
    std::uint16_t bits_ = 0;
};

constexpr std::array<std::string_view, static_cast<std::size_t>(reason::count_)> reason_words = {
    "no_table",        "pacing",          "closed", "min_notice", "max_notice",
    "party_too_small", "party_too_large", "paused", "blocked",    "past"};

}  // namespace qtable
