// The one source of chance of a simulation: splitmix64, so that a seed means the same everywhere.
#pragma once

#include <cstdint>

namespace qtable::sim {

class random_source {
  public:
    explicit random_source(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() noexcept {
        std::uint64_t mixed = (state_ += 0x9e3779b97f4a7c15ULL);
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
        return mixed ^ (mixed >> 31);
    }
    // 0…bound - 1.
    std::uint32_t below(std::uint32_t bound) noexcept { return static_cast<std::uint32_t>(next() % bound); }
    int between(int first, int last) noexcept {
        return first + static_cast<int>(below(static_cast<std::uint32_t>(last - first + 1)));
    }
    bool chance(int per_mille) noexcept { return between(1, 1000) <= per_mille; }

  private:
    std::uint64_t state_;
};

}  // namespace qtable::sim
