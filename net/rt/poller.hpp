// Readiness of sockets for one core: an epoll set of its own that the core's io_context waits for as one
// descriptor. A socket is registered once, edge-triggered, for reading and writing: no system call and no
// memory per wait, which is what makes an idle connection cheap and a busy one nearly as fast as a bare epoll
// loop. Owner: its core. Bounds: at most `events_per_turn` sockets a turn and `events_per_pass` (poller.cpp)
// before the loop looks at anything else.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>

namespace qtable::net {

class core_thread;

// What an edge may say of a socket. `hang_up`: the peer won't send any more, so reading ends with an end or
// an error.
struct readiness {
    bool readable = false, writable = false, hang_up = false;
};

// Told when its socket can be read or written. Must outlive the turn in which it is removed (see
// `delete_later`).
class poll_target {
  public:
    virtual void on_ready(readiness ready) = 0;

  protected:
    virtual ~poll_target() = default;

  private:
    friend class poller;
    bool is_registered_ = false;
};

class poller {
  public:
    static constexpr std::size_t events_per_turn = 64;

    explicit poller(core_thread& core);
    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;

    // False when the kernel refuses (no memory, too many watches).
    [[nodiscard]] bool add(int fd, poll_target& target);
    // Makes the next turn call the target again with what is ready by then, as if it had just become so.
    void rearm(int fd, poll_target& target) noexcept;
    // A target that is removed hears nothing more, not even what this turn had in hand.
    void remove(int fd, poll_target& target) noexcept;

    // Waits on the io_context until `close`.
    void start();
    void close();

  private:
    void wait();
    void serve();
    int serve_once();  // how many sockets were ready

    core_thread& core_;
    boost::asio::posix::stream_descriptor epoll_;
};

}  // namespace qtable::net
