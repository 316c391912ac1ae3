// Chance from a seed: the same seed gives the same requests and arrivals (splitmix64). One per thread.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace qtable::loadtest {

class dice {
  public:
    explicit dice(std::uint64_t seed) noexcept : state_(seed) {}
    // A seed of its own for each part of a run.
    static std::uint64_t mix(std::uint64_t seed, std::uint64_t part) noexcept {
        return dice(seed ^ (part * 0xd6e8feb86659fd93ULL)).next();
    }

    std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    // Below `end`, which is from 1 to 2^32. Its bias is smaller than anything that is measured here.
    std::size_t below(std::size_t end) noexcept {
        return static_cast<std::size_t>(((next() >> 32) * static_cast<std::uint64_t>(end)) >> 32);
    }
    // In [0, 1).
    double unit() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    double between(double low, double high) noexcept { return low + (high - low) * unit(); }
    bool chance(double of_one) noexcept { return unit() < of_one; }
    // With mean 1.
    double exponential() noexcept { return -std::log1p(-unit()); }

  private:
    std::uint64_t state_;
};

}  // namespace qtable::loadtest
