// PostgreSQL counts days and microseconds from 2000-01-01, we count days and milliseconds from 1970-01-01.
#pragma once

#include <cstdint>

#include "core/base/time.hpp"

namespace qtable::storage::detail {

constexpr std::int32_t pg_epoch_days = 10957;
constexpr std::int64_t pg_epoch_ms = pg_epoch_days * ms_per_day;
constexpr std::int64_t us_per_ms = 1000;

constexpr std::int64_t pg_microseconds(instant value) noexcept {
    return (value.ms - pg_epoch_ms) * us_per_ms;
}
// Cut to the millisecond, towards the past.
constexpr instant from_pg_microseconds(std::int64_t us) noexcept {
    return {us / us_per_ms - (us % us_per_ms < 0 ? 1 : 0) + pg_epoch_ms};
}

}  // namespace qtable::storage::detail
