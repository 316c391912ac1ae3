#include "net/rt/poller.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "core/base/assert.hpp"
#include "net/rt/core_thread.hpp"

namespace qtable::net {
namespace {

// While so many sockets were ready, more are likely to be: they are asked for again before the loop looks at
// anything else, which costs more than serving one of them. Not for long: messages and the database wait
// meanwhile, and with them everybody whose answer isn't just a look into memory.
constexpr int busy_events = 4;
constexpr int events_per_pass = 64;

constexpr std::uint32_t watched = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

int make_epoll() {
    const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
    if (descriptor < 0) throw std::runtime_error("epoll_create1 failed");
    return descriptor;
}

}  // namespace

poller::poller(core_thread& core) : core_(core), epoll_(core.context(), make_epoll()) {}

bool poller::add(int fd, poll_target& target) {
    epoll_event event{};
    event.events = watched;
    event.data.ptr = &target;
    if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, fd, &event) != 0) return false;
    target.is_registered_ = true;
    return true;
}

void poller::rearm(int fd, poll_target& target) noexcept {
    QTABLE_ASSERT(target.is_registered_);
    epoll_event event{};
    event.events = watched;
    event.data.ptr = &target;
    ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_MOD, fd, &event);
}

void poller::remove(int fd, poll_target& target) noexcept {
    if (!target.is_registered_) return;
    target.is_registered_ = false;
    if (epoll_.is_open()) ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
}

void poller::start() {
    wait();
}

void poller::close() {
    boost::system::error_code ignored;
    epoll_.close(ignored);
}

void poller::wait() {
    epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](boost::system::error_code error) {
                          if (error) return;
                          serve();
                          if (epoll_.is_open()) wait();
                      });
}

void poller::serve() {
    for (int served = 0; served < events_per_pass;) {
        const int count = serve_once();
        if (count < busy_events || !epoll_.is_open()) return;
        served += count;
    }
}

int poller::serve_once() {
    const turn_scope turn(core_);
    std::array<epoll_event, events_per_turn> events;
    const int count = ::epoll_wait(epoll_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        poll_target& target = *static_cast<poll_target*>(event.data.ptr);
        // Removed earlier in this turn; it is still there, because sessions are deleted at the turn's end.
        if (!target.is_registered_) continue;
        const bool failed = (event.events & (EPOLLHUP | EPOLLERR)) != 0;
        const bool hang_up = failed || (event.events & EPOLLRDHUP) != 0;
        target.on_ready({.readable = hang_up || (event.events & EPOLLIN) != 0,
                         .writable = failed || (event.events & EPOLLOUT) != 0,
                         .hang_up = hang_up});
    }
    return count;
}

}  // namespace qtable::net
