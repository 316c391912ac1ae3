#include "net/rt/queue_probe.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace qtable::net {

namespace {
constexpr std::int64_t forgotten_ms = 1000;
}

queue_probe::queue_probe(core_thread& core)
    : core_(core), descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("eventfd: no descriptor left");
}

queue_probe::~queue_probe() {
    core_.poller().remove(descriptor_, *this);
    ::close(descriptor_);
}

void queue_probe::start() {
    // Without it nothing is measured, and nothing refused for it.
    if (!core_.poller().add(descriptor_, *this)) is_out_ = true;
}

void queue_probe::send() noexcept {
    const std::uint64_t one = 1;
    sent_ns_ = core_thread::read_monotonic_ns();
    sent_cpu_us_ = core_thread::read_cpu_us();
    is_out_ = ::write(descriptor_, &one, sizeof one) == static_cast<ssize_t>(sizeof one);
    next_ms_ = core_.now_ms() + interval_ms;
}

bool queue_probe::has_news() noexcept {
    if (told_ == measurements_ && !(is_overdue() && core_.now_ms() >= next_news_ms_)) return false;
    told_ = measurements_;
    next_news_ms_ = core_.now_ms() + interval_ms;
    return true;
}

// Edge-triggered: the next write is another edge, whether this one was read or not.
void queue_probe::on_ready(readiness) {
    if (!is_out_ || sent_ns_ == 0) return;
    is_out_ = false;
    came_back_ms_ = core_.now_ms();
    last_us_ = (core_thread::read_monotonic_ns() - sent_ns_) / 1000;
    computed_us_[measurements_++ % kept] = core_thread::read_cpu_us() - sent_cpu_us_;
    standing_us_ = *std::min_element(computed_us_.begin(), computed_us_.end());
}

bool queue_probe::is_quiet() const noexcept {
    return !is_out_ && core_.now_ms() - came_back_ms_ > forgotten_ms;
}

}  // namespace qtable::net
