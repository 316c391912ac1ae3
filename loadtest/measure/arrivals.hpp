// When the requests of an open loop are due: evenly spaced, or a Poisson process as independent people make
// it. What is due doesn't depend on what was answered, so latency counted from it has no coordinated
// omission. One thread; the same seed gives the same instants. Nothing is stored: a backlog is the distance
// between `due_ns` and now.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "loadtest/measure/dice.hpp"

namespace qtable::loadtest {

enum class arrival_kind : std::uint8_t { poisson, even };

std::string_view name_of(arrival_kind kind) noexcept;
std::optional<arrival_kind> parse_arrival_kind(std::string_view text) noexcept;

class arrivals {
  public:
    // `share` of `shares` threads: even arrivals of several threads interleave instead of coming together.
    arrivals(arrival_kind kind, double per_second, std::int64_t start_ns, std::uint64_t seed,
             unsigned share = 0, unsigned shares = 1);

    std::int64_t due_ns() const noexcept { return due_ns_; }
    void advance() noexcept;

  private:
    arrival_kind kind_;
    double gap_ns_;  // on average
    double since_start_ns_;
    std::int64_t start_ns_;
    std::int64_t due_ns_;
    dice dice_;
};

}  // namespace qtable::loadtest
