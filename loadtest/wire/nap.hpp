// Waiting with the precision that a schedule needs: epoll and sleep with nanoseconds. Any thread.
#pragma once

#include <sys/epoll.h>

#include <cstdint>

namespace qtable::loadtest {

// As epoll_wait; `rest_ns` of 0 only looks. On a kernel without epoll_pwait2 the last millisecond is spun.
int wait_for_events(int epoll, epoll_event* events, int most, std::int64_t rest_ns) noexcept;
// On the monotonic clock; returns at once when that is past.
void nap_until(std::int64_t at_ns) noexcept;
void nap(std::int64_t ns) noexcept;

}  // namespace qtable::loadtest
