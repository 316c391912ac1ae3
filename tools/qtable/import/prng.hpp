// Numbers that look random and are the same everywhere and for ever: the demo city and the made-up floors
// must come out equal from run to run and from machine to machine, which the standard library's distributions
// don't promise. splitmix64 (Vigna) over a 64-bit state, FNV-1a for text. One `prng` belongs to one caller;
// O(1), no allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace qtable::tools {

constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

constexpr std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return mix(hash);
}

class prng {
  public:
    explicit constexpr prng(std::uint64_t seed) noexcept : state_(seed) {}

    constexpr std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15U;
        return mix(state_);
    }
    // 0 … bound - 1, bound > 0. The bias of the remainder is below 2^-50 for the bounds in use.
    constexpr std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
    constexpr int between(int low, int high) noexcept {
        return low + static_cast<int>(below(static_cast<std::uint64_t>(high - low + 1)));
    }
    constexpr bool chance(int percent) noexcept { return between(0, 99) < percent; }
    // 0 ≤ x < 1 in steps of 2^-53.
    constexpr double unit() noexcept { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    template <class T, std::size_t N>
    constexpr const T& pick(const T (&items)[N]) noexcept {
        return items[below(N)];
    }
    template <class Container>
    constexpr const auto& pick(const Container& items) noexcept {
        return items[below(items.size())];
    }

  private:
    std::uint64_t state_;
};

}  // namespace qtable::tools
