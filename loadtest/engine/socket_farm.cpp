#include "loadtest/engine/socket_farm.hpp"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "loadtest/failure.hpp"
#include "loadtest/wire/nap.hpp"
#include "loadtest/wire/request_text.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::size_t frame_buffer_bytes = 256 * 1024;
constexpr int slow_receive_bytes = 4 * 1024, quick_receive_bytes = 4 * 1024 * 1024;
constexpr std::int64_t turn_ns = 20 * ns_per_ms;
constexpr std::int64_t retry_ns = 100 * ns_per_ms;
constexpr std::int64_t opening_ns = 10 * ns_per_s;  // a connection that isn't greeted by then is begun anew
constexpr std::int64_t quiet_ns = 400 * ns_per_ms;
constexpr std::int64_t settle_ns = 10 * ns_per_s;
constexpr int opcode_close = 8, opcode_pong = 10;
constexpr std::size_t control_bytes = 125;

}  // namespace

socket_farm::socket_farm(const target& to, std::vector<socket_plan> plans)
    : target_(to),
      plans_(std::move(plans)),
      sockets_(plans_.size()),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      buffer_(frame_buffer_bytes) {
    if (epoll_ < 0) throw usage_error(std::string("epoll: ") + std::strerror(errno));
    for (std::size_t i = 0; i < plans_.size(); ++i) sockets_[i].plan = &plans_[i];
}

socket_farm::~socket_farm() {
    is_finishing_ = true;
    if (thread_.joinable()) thread_.join();
    for (const socket& each : sockets_) {
        if (each.fd >= 0) ::close(each.fd);
    }
    if (epoll_ >= 0) ::close(epoll_);
}

std::size_t socket_farm::open(std::int64_t until_ns) {
    wall_offset_ns_ = wall_ns() - now_ns();
    while (open_now < sockets_.size() && now_ns() < until_ns) turn(turn_ns);
    return open_now;
}

void socket_farm::start(const measured_window& window, std::vector<farm_moment> moments) {
    window_ = window;
    moments_ = std::move(moments);
    second_ends_ns_ = window.start_ns + ns_per_s;
    thread_ = std::thread([this] { run(); });
}

void socket_farm::finish() {
    is_finishing_ = true;
    if (thread_.joinable()) thread_.join();
}

void socket_farm::run() {
    ::prctl(PR_SET_TIMERSLACK, 1'000UL);
    const std::int64_t began_ns = now_ns(), cpu_began_ns = thread_cpu_ns();
    while (!is_finishing_.load(std::memory_order_relaxed)) {
        const std::int64_t now = now_ns();
        pass_moments(now);
        pass_seconds(now);
        is_measuring_ = now >= window_.from_ns;
        std::int64_t rest_ns = turn_ns;
        if (next_moment_ < moments_.size()) rest_ns = std::min(rest_ns, moments_[next_moment_].at_ns - now);
        turn(std::max<std::int64_t>(0, rest_ns));
    }
    is_measuring_ = false;
    totals_.cpu_share =
        seconds(thread_cpu_ns() - cpu_began_ns) / std::max(1e-9, seconds(now_ns() - began_ns));
    pass_seconds(second_ends_ns_);
    for (socket& each : sockets_) set_reading(each, true);
    const std::int64_t end_ns = now_ns() + settle_ns;
    last_event_ns_ = now_ns();
    do {
        turn(turn_ns);
        count_behind();
    } while (now_ns() < end_ns &&
             (totals_.late > 0 || totals_.behind > 0 || now_ns() < last_event_ns_ + quiet_ns));
}

// One look at the sockets, and what no event tells.
void socket_farm::turn(std::int64_t rest_ns) {
    std::array<epoll_event, 256> happened;
    const int count = wait_for_events(epoll_, happened.data(), static_cast<int>(happened.size()), rest_ns);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = happened[static_cast<std::size_t>(i)];
        handle(sockets_[event.data.u32], event.events);
    }
    const std::int64_t now = now_ns();
    if (now >= tend_at_ns_) tend(now);
}

void socket_farm::tend(std::int64_t now) {
    tend_at_ns_ = now + turn_ns;
    for (socket& each : sockets_) {
        if (each.now == state::closed && now >= each.since_ns) connect(each);
        const bool is_opening = each.now != state::closed && each.now != state::open;
        if (is_opening && now > each.since_ns + opening_ns) close(each, now);
    }
}

// ---- one socket

void socket_farm::become(socket& which, state next) noexcept {
    if (which.now == state::open && next != state::open) --open_now;
    if (which.now != state::open && next == state::open) ++open_now;
    which.now = next;
}

void socket_farm::connect(socket& which) {
    which.fd = start_connection(target_);
    which.since_ns = now_ns();
    if (which.fd < 0) {
        which.since_ns += retry_ns;
        return;
    }
    which.parser.begin(false);
    which.frames.clear();
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.u32 = static_cast<std::uint32_t>(&which - sockets_.data());
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, which.fd, &event);
    which.is_reading = true;
    become(which, state::connecting);
}

void socket_farm::close(socket& which, std::int64_t again_ns) {
    if (which.fd >= 0) ::close(which.fd);
    which.fd = -1;
    which.since_ns = again_ns;
    become(which, state::closed);
}

void socket_farm::handle(socket& which, std::uint32_t flags) {
    if (which.now == state::closed) return;
    if (which.now == state::connecting) return send_upgrade(which);
    if ((flags & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) read(which);
}

void socket_farm::send_upgrade(socket& which) {
    int error = 0;
    socklen_t bytes = sizeof error;
    ::getsockopt(which.fd, SOL_SOCKET, SO_ERROR, &error, &bytes);
    std::string path = which.plan->path;
    which.is_resuming = which.position.can_resume();
    if (which.is_resuming) path += '?' + which.position.resume_query();
    const std::string request = make_upgrade(target_.host, path, which.plan->token);
    // A new connection takes a few hundred bytes at once, or it is broken.
    const ssize_t sent = error != 0 ? -1 : ::send(which.fd, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request.size())) return close(which, now_ns() + retry_ns);
    set_reading(which, true);
    become(which, state::upgrading);
}

void socket_farm::set_reading(socket& which, bool reads) {
    if (which.fd < 0) return;
    // Little room while it doesn't read, so that what isn't read soon piles up at the target.
    const int room = reads ? quick_receive_bytes : slow_receive_bytes;
    if (which.plan->is_slow) ::setsockopt(which.fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    epoll_event event{};
    if (reads) event.events = EPOLLIN;
    event.data.u32 = static_cast<std::uint32_t>(&which - sockets_.data());
    if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, which.fd, &event) != 0)
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, which.fd, &event);
    which.is_reading = reads;
}

void socket_farm::read(socket& which) {
    if (!which.is_reading) {
        // A reset reaches also who doesn't read; its end is seen when reading begins again.
        ::epoll_ctl(epoll_, EPOLL_CTL_DEL, which.fd, nullptr);
        return;
    }
    const int fd = which.fd;
    while (which.fd == fd) {
        const ssize_t got = ::recv(fd, buffer_.data(), buffer_.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) {
            if (which.now == state::open) ++totals_.cut_off;
            return close(which, now_ns() + retry_ns);
        }
        const auto size = static_cast<std::size_t>(got);
        if (!take(which, {buffer_.data(), size})) return;
        if (size < buffer_.size()) return;
    }
}

// False when the socket is closed.
bool socket_farm::take(socket& which, std::string_view bytes) {
    if (which.now == state::upgrading) return take_upgrade(which, bytes);
    which.frames.feed(bytes);
    return take_frames(which);
}

bool socket_farm::take_upgrade(socket& which, std::string_view bytes) {
    const auto read = which.parser.feed(bytes);
    if (read == response_parser::state::more) return true;
    if (read == response_parser::state::malformed || which.parser.status() != 101) {
        ++totals_.refused;
        close(which, now_ns() + retry_ns);
        return false;
    }
    become(which, state::greeting);
    which.frames.feed(which.parser.rest());
    return take_frames(which);
}

bool socket_farm::take_frames(socket& which) {
    const std::int64_t now = now_ns();
    while (const auto got = which.frames.next()) {
        switch (got->kind) {
            case frame_kind::text:
                take_message(which, got->payload, now);
                break;
            case frame_kind::ping: {
                const std::string pong = client_frame(opcode_pong, got->payload.substr(0, control_bytes));
                ::send(which.fd, pong.data(), pong.size(), MSG_NOSIGNAL);
                break;
            }
            case frame_kind::pong:
                break;
            case frame_kind::close: {
                ++totals_.closes[got->close_code];
                const std::string back = client_frame(opcode_close, got->payload.substr(0, 2));
                ::send(which.fd, back.data(), back.size(), MSG_NOSIGNAL);
                close(which, now + retry_ns);
                return false;
            }
            case frame_kind::broken:
                ++totals_.cut_off;
                close(which, now + retry_ns);
                return false;
        }
    }
    return true;
}

// ---- moments

void socket_farm::pass_moments(std::int64_t now) {
    while (next_moment_ < moments_.size() && moments_[next_moment_].at_ns <= now) {
        const farm_moment& moment = moments_[next_moment_++];
        if (moment.does == farm_moment::what::drop_all) {
            drop_all(now);
        } else {
            const bool reads = moment.does == farm_moment::what::read_again;
            for (socket& each : sockets_) {
                if (each.plan->is_slow) set_reading(each, reads);
            }
        }
    }
}

// All at once, without a word, as when a network goes; and all come back at once.
void socket_farm::drop_all(std::int64_t now) {
    const linger at_once{1, 0};
    for (socket& each : sockets_) {
        if (each.now != state::open) continue;
        ::setsockopt(each.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(each, now);
        each.dropped_ns = now;
        ++totals_.dropped;
    }
    tend(now);
}

}  // namespace qtable::loadtest
