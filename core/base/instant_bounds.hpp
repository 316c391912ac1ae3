// The moments that can be written, and stored as they are: those of the years 0001–9999. What comes from
// outside is held against them where it is read. Plain values, any core.
#pragma once

#include "core/base/time.hpp"

namespace qtable {

constexpr instant earliest_instant{-62'135'596'800'000};
constexpr instant latest_instant{253'402'300'799'999};

constexpr bool is_writable(instant at) noexcept {
    return at.ms >= earliest_instant.ms && at.ms <= latest_instant.ms;
}

}  // namespace qtable
