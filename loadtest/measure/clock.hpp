// The clocks of the load generator: monotonic nanoseconds for everything that is measured, the wall clock to
// compare with the `at` of events, and the CPU time of the calling thread. Any thread. Whatever is tested
// takes its times as arguments instead.
#pragma once

#include <cstdint>
#include <ctime>

namespace qtable::loadtest {

constexpr std::int64_t ns_per_us = 1'000;
constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ns_per_s = 1'000'000'000;

inline std::int64_t read_clock_ns(clockid_t which) noexcept {
    timespec at{};
    ::clock_gettime(which, &at);
    return static_cast<std::int64_t>(at.tv_sec) * ns_per_s + at.tv_nsec;
}

inline std::int64_t now_ns() noexcept {
    return read_clock_ns(CLOCK_MONOTONIC);
}
inline std::int64_t wall_ns() noexcept {
    return read_clock_ns(CLOCK_REALTIME);
}
inline std::int64_t thread_cpu_ns() noexcept {
    return read_clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

inline double seconds(std::int64_t ns) noexcept {
    return static_cast<double>(ns) / static_cast<double>(ns_per_s);
}
constexpr std::int64_t from_seconds(double s) noexcept {
    return static_cast<std::int64_t>(s * static_cast<double>(ns_per_s));
}

}  // namespace qtable::loadtest
