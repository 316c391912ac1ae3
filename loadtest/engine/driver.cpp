#include "loadtest/engine/driver.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "loadtest/failure.hpp"
#include "loadtest/wire/nap.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr int events_per_wait = 128;
constexpr int connect_timeout_ms = 5'000;
constexpr std::int64_t tend_interval_ns = 20 * ns_per_ms;
constexpr std::int64_t reconnect_pause_ns = 100 * ns_per_ms;
constexpr std::int64_t connecting_ns = 3 * ns_per_s;
constexpr std::uint32_t watched = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

arrivals make_arrivals(const driver_options& options, std::int64_t start_ns) {
    return {options.arrivals, options.is_closed ? 1.0 : options.rate, start_ns, options.seed, options.share,
            options.shares};
}

int pending_error(int fd) noexcept {
    int error = 0;
    socklen_t bytes = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes);
    return error;
}

}  // namespace

driver::driver(const target& to, const driver_options& options, workload& work,
               const std::atomic<bool>& is_stopped)
    : target_(to),
      options_(options),
      work_(work),
      is_stopped_(is_stopped),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(options.connections),
      buffer_(buffer_bytes),
      arrivals_(make_arrivals(options, 0)) {
    if (epoll_ < 0) throw usage_error(std::string("epoll: ") + std::strerror(errno));
}

driver::~driver() {
    for (const connection& each : connections_) {
        if (each.fd >= 0) ::close(each.fd);
    }
    if (epoll_ >= 0) ::close(epoll_);
}

void driver::watch(std::uint32_t slot) {
    epoll_event event{};
    event.events = watched;
    event.data.u32 = slot;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[slot].fd, &event);
}

void driver::connect() {
    for (std::uint32_t slot = 0; slot < connections_.size(); ++slot) {
        connection& each = connections_[slot];
        each.fd = start_connection(target_);
        pollfd waiting{each.fd, POLLOUT, 0};
        const bool is_there = each.fd >= 0 && ::poll(&waiting, 1, connect_timeout_ms) == 1;
        const int error = each.fd < 0 ? errno : is_there ? pending_error(each.fd) : ETIMEDOUT;
        if (error != 0)
            throw usage_error("connection " + std::to_string(slot + 1) + " of " +
                              std::to_string(connections_.size()) + " to " + target_.url + ": " +
                              std::strerror(error));
        watch(slot);
    }
}

void driver::run(const measured_window& window, recorder& to) {
    ::prctl(PR_SET_TIMERSLACK, 1'000UL);
    window_ = window;
    recorder_ = &to;
    arrivals_ = make_arrivals(options_, window.start_ns);
    nap_until(window.start_ns);
    std::int64_t now = now_ns();
    for (std::uint32_t slot = 0; slot < connections_.size(); ++slot) release(slot, now);
    looked_ns_ = now;
    for (;;) {
        now = now_ns();
        longest_pause_ns_ = std::max(longest_pause_ns_, now - looked_ns_);
        looked_ns_ = now;
        recorder_->pass(now);
        if (cpu_from_ns_ < 0 && now >= window_.from_ns) cpu_from_ns_ = thread_cpu_ns();
        const bool is_over = now >= window_.until_ns || is_stopped_.load(std::memory_order_relaxed);
        if (is_sending_ && is_over) {
            is_sending_ = false;
            ended_ns_ = std::min(now, window_.until_ns);
            cpu_ns_ = cpu_from_ns_ < 0 ? 0 : thread_cpu_ns() - cpu_from_ns_;
        }
        if (!options_.is_closed) send_due(now);
        if (!is_sending_ && ((busy_ == 0 && !is_behind()) || now >= ended_ns_ + options_.drain_ns)) break;
        if (now >= tend_at_ns_) tend(now);
        wait(now);
    }
    finish_run();
}

// When there is something to do though no socket says so.
std::int64_t driver::wake_ns(std::int64_t now) const {
    std::int64_t wake = std::max(tend_at_ns_, now);
    if (is_sending_) wake = std::min(wake, window_.until_ns);
    if (!options_.is_closed && !idle_.empty() && (is_sending_ || is_behind()))
        wake = std::min(wake, arrivals_.due_ns());
    return wake;
}

void driver::wait(std::int64_t now) {
    std::array<epoll_event, events_per_wait> events;
    const std::int64_t rest_ns = std::max<std::int64_t>(0, wake_ns(now) - now_ns());
    const int count = wait_for_events(epoll_, events.data(), events_per_wait, rest_ns);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        handle(event.data.u32, event.events);
    }
    recorder_->in_flight.store(busy_, std::memory_order_relaxed);
}

void driver::handle(std::uint32_t slot, std::uint32_t events) {
    connection& each = connections_[slot];
    if (each.now == state::closed) return;
    if (each.now == state::connecting) {
        const std::int64_t now = now_ns();
        if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) == 0) return;
        if (pending_error(each.fd) != 0) return drop(slot, now);
        release(slot, now);
        return;
    }
    if (!each.unsent.empty() && (events & EPOLLOUT) != 0) flush(slot);
    const bool is_ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    if (is_ended || (events & EPOLLIN) != 0) read(slot, is_ended);
}

void driver::read(std::uint32_t slot, bool is_ended) {
    connection& each = connections_[slot];
    const int fd = each.fd;
    while (each.fd == fd && each.now != state::closed) {
        const ssize_t got = ::recv(fd, buffer_.data(), buffer_.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        const std::int64_t now = now_ns();
        if (each.now != state::busy) return drop(slot, now);  // closed while idle, or speaks unasked
        if (got <= 0) {
            const bool is_whole = got == 0 && each.parser.end() == response_parser::state::complete;
            finish(slot, is_whole ? each.parser.status() : disconnected, now);
            return;
        }
        const auto size = static_cast<std::size_t>(got);
        switch (each.parser.feed({buffer_.data(), size})) {
            case response_parser::state::complete:
                finish(slot, each.parser.status(), now);
                break;
            case response_parser::state::malformed:
                return finish(slot, not_http, now);
            case response_parser::state::more:
                break;
        }
        // A short read has emptied the socket; whatever comes then is a new event.
        if (size < buffer_.size() && !is_ended) return;
    }
}

void driver::flush(std::uint32_t slot) {
    connection& each = connections_[slot];
    const ssize_t sent = ::send(each.fd, each.unsent.data(), each.unsent.size(), MSG_NOSIGNAL);
    if (sent > 0) each.unsent.erase(0, static_cast<std::size_t>(sent));
}

// ---- requests

// Whether something was due before the end and hasn't been sent.
bool driver::is_behind() const noexcept {
    return !options_.is_closed && arrivals_.due_ns() < ended_ns_;
}

void driver::send_due(std::int64_t now) {
    const std::int64_t end_ns = is_sending_ ? now : ended_ns_ - 1;
    // What has waited for longer than anybody would is given up without being sent.
    while (arrivals_.due_ns() <= end_ns && arrivals_.due_ns() + options_.timeout_ns < now)
        abandon(timed_out, now);
    while (arrivals_.due_ns() <= end_ns && !idle_.empty()) {
        const std::uint32_t slot = idle_.front();
        idle_.pop_front();
        connections_[slot].is_queued = false;
        if (connections_[slot].now != state::idle) continue;
        const std::int64_t due_ns = arrivals_.due_ns();
        arrivals_.advance();
        dispatch(slot, due_ns);
    }
    const double behind_s = seconds(end_ns - arrivals_.due_ns());
    const double waiting = std::max(0.0, behind_s * options_.rate / options_.shares);
    recorder_->backlog.store(static_cast<std::uint64_t>(waiting), std::memory_order_relaxed);
}

void driver::dispatch(std::uint32_t slot, std::int64_t due_ns) {
    connection& each = connections_[slot];
    planned_request planned;
    work_.next(slot, due_ns, planned);
    each.which = planned.which;
    each.parser.begin(planned.wants_body);
    each.now = state::busy;
    ++busy_;
    each.due_ns = due_ns;
    each.sent_ns = now_ns();
    if (options_.is_closed) each.due_ns = each.sent_ns;
    recorder_->sent(each.due_ns, each.since_ns, each.sent_ns);
    const ssize_t sent = ::send(each.fd, planned.bytes.data(), planned.bytes.size(), MSG_NOSIGNAL);
    const auto done = static_cast<std::size_t>(std::max<ssize_t>(0, sent));
    // An error is left to the event that comes with it.
    if (done < planned.bytes.size()) each.unsent = planned.bytes.substr(done);
}

void driver::finish(std::uint32_t slot, outcome_code code, std::int64_t now) {
    connection& each = connections_[slot];
    --busy_;
    recorder_->finished(each.which, code, each.due_ns, now);
    outcome what{slot, each.which, code, {}, each.due_ns, each.sent_ns, now};
    if (is_answer(code)) what.body = each.parser.body();
    work_.done(what);
    if (!is_answer(code) || !each.parser.keeps_alive() || !each.parser.rest().empty()) return drop(slot, now);
    release(slot, now);
}

// The connection may take a request.
void driver::release(std::uint32_t slot, std::int64_t now) {
    connection& each = connections_[slot];
    each.now = state::idle;
    each.since_ns = now;
    if (options_.is_closed) {
        if (is_sending_) dispatch(slot, now);
        return;
    }
    if (!each.is_queued) idle_.push_back(slot);
    each.is_queued = true;
}

// A request that no connection ever took.
void driver::abandon(outcome_code code, std::int64_t now) {
    const std::int64_t due_ns = arrivals_.due_ns();
    arrivals_.advance();
    planned_request planned;
    work_.next(options_.connections, due_ns, planned);
    recorder_->finished(planned.which, code, due_ns, now);
    work_.done({options_.connections, planned.which, code, {}, due_ns, now, now});
}

void driver::drop(std::uint32_t slot, std::int64_t now) {
    connection& each = connections_[slot];
    if (each.fd >= 0) ::close(each.fd);
    const bool was_connecting = each.now == state::connecting;
    each.fd = -1;
    each.now = state::closed;
    each.unsent.clear();
    // At once when it had worked, after a pause when it couldn't even be opened.
    each.since_ns = was_connecting ? now + reconnect_pause_ns : now;
    tend_at_ns_ = std::min(tend_at_ns_, each.since_ns);
}

// What no event tells: answers that don't come, connections to be opened again.
void driver::tend(std::int64_t now) {
    tend_at_ns_ = now + tend_interval_ns;
    for (std::uint32_t slot = 0; slot < connections_.size(); ++slot) {
        connection& each = connections_[slot];
        if (each.now == state::busy && now - each.sent_ns > options_.timeout_ns) finish(slot, timed_out, now);
        if (each.now == state::connecting && now > each.since_ns + connecting_ns) drop(slot, now);
        if (each.now != state::closed || now < each.since_ns) continue;
        if (!is_sending_ && !is_behind()) continue;
        each.fd = start_connection(target_);
        each.since_ns = now;
        each.now = state::connecting;
        ++reconnects_;
        if (each.fd < 0) {
            drop(slot, now);
        } else {
            watch(slot);
        }
    }
}

void driver::finish_run() {
    const std::int64_t now = now_ns();
    for (std::uint32_t slot = 0; slot < connections_.size(); ++slot) {
        if (connections_[slot].now == state::busy) finish(slot, timed_out, now);
    }
    while (is_behind()) abandon(not_sent, now);
    recorder_->pass(now);
    recorder_->end();
    recorder_->in_flight.store(0, std::memory_order_relaxed);
    recorder_->backlog.store(0, std::memory_order_relaxed);
}

}  // namespace qtable::loadtest
