// How much of each class of request is refused, so that before the turn of those who get in their core
// computes no longer than `limits::overload_wait_us`: the proportional-integral controller of PIE (RFC 8033).
// One pressure for all classes: they go one after the other, the next one
// once all of the class before is refused; but not where nearly all is refused already: then it is the
// refusing that takes the time, and whoever books is none of those who cause it. Deterministic, no clock:
// told each measurement, some 10 ms apart. One per core; that core only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "net/limit/load_class.hpp"

namespace qtable::net {

class overload_valve {
  public:
    static constexpr auto classes = static_cast<std::size_t>(load_class::always);

    // `standing_us`: what was computed before a turn at every one of the last few measurements at least.
    void measured(std::int64_t standing_us) noexcept;
    // Nothing was asked for a while.
    void open() noexcept { *this = {}; }
    // For one request: whether it is among those that are refused. Spread evenly, without chance.
    bool refuses(load_class kind) noexcept;

    // Of a class, 0–1.
    double refused_share(load_class kind) const noexcept;

  private:
    double pressure_ = 0;  // whole classes that are refused, and the share of the next one
    std::int64_t before_us_ = 0;
    std::array<double, classes> owed_{};
    std::int64_t asked_ = 0, admitted_ = 0;  // since the last measurement
};

}  // namespace qtable::net
