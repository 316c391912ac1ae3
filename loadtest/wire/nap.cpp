#include "loadtest/wire/nap.hpp"

#include <cerrno>
#include <ctime>

#include "loadtest/measure/clock.hpp"

namespace qtable::loadtest {

namespace {

timespec to_timespec(std::int64_t ns) noexcept {
    return {static_cast<time_t>(ns / ns_per_s), static_cast<long>(ns % ns_per_s)};
}

}  // namespace

int wait_for_events(int epoll, epoll_event* events, int most, std::int64_t rest_ns) noexcept {
    const timespec rest = to_timespec(rest_ns);
    const int count = ::epoll_pwait2(epoll, events, most, &rest, nullptr);
    if (count >= 0 || errno != ENOSYS) return count;
    return ::epoll_wait(epoll, events, most, static_cast<int>(rest_ns / ns_per_ms));
}

void nap_until(std::int64_t at_ns) noexcept {
    const timespec at = to_timespec(at_ns);
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) == EINTR) {
    }
}

void nap(std::int64_t ns) noexcept {
    nap_until(now_ns() + ns);
}

}  // namespace qtable::loadtest
