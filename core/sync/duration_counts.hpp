// A latency histogram of one core, in the buckets that all of ours have: 50 µs to 5 s. One writer, the core;
// read by any (core/sync/counter.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/sync/counter.hpp"

namespace qtable {

class duration_counts {
  public:
    // Upper bounds in µs, and as Prometheus writes them, in seconds.
    static constexpr std::array<std::int64_t, 16> bounds_us = {
        50,     100,    250,     500,     1'000,   2'500,     5'000,     10'000,
        25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000};
    static constexpr std::array<std::string_view, 16> bounds_s = {
        "5e-05", "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01",
        "0.025", "0.05",   "0.1",     "0.25",   "0.5",   "1",      "2.5",   "5"};

    // `times`: that many took as long.
    void record(std::int64_t took_us, std::uint64_t times = 1) noexcept {
        std::size_t bucket = 0;
        while (bucket < bounds_us.size() && took_us > bounds_us[bucket]) ++bucket;
        counts_[bucket].add(times);
        sum_us_.add(static_cast<std::uint64_t>(took_us < 0 ? 0 : took_us) * times);
    }
    // In the bucket alone; the last one is above all bounds.
    std::uint64_t count_of(std::size_t bucket) const noexcept { return counts_[bucket].value(); }
    std::uint64_t sum_us() const noexcept { return sum_us_.value(); }

  private:
    std::array<counter, bounds_us.size() + 1> counts_;
    counter sum_us_;
};

}  // namespace qtable
