#include "net/rt/core_thread.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>

#include "core/base/assert.hpp"
#include "net/rt/log.hpp"

namespace qtable::net {
namespace {

std::int64_t read_clock_ns(clockid_t clock) noexcept {
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::uint64_t random_seed() noexcept {
    std::uint64_t seed = 0;
    if (::getrandom(&seed, sizeof seed, 0) != static_cast<ssize_t>(sizeof seed))
        seed = static_cast<std::uint64_t>(read_clock_ns(CLOCK_MONOTONIC));
    return seed | 1;
}

}  // namespace

core_thread::core_thread(std::uint32_t index)
    : index_(index),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),  // sockets and timers are touched by this thread only
      now_ns_(read_monotonic_ns()),
      now_ms_(now_ns_ / 1'000'000),
      wheel_(tick_ms, now_ms_),
      ticker_(context_),
      poller_(*this),
      read_buffer_(std::make_unique_for_overwrite<char[]>(read_buffer_bytes)),
      random_state_(random_seed()) {
    tasks_.next_ = tasks_.previous_ = &tasks_;
    read_clocks();
    wall_offset_ms_ = read_clock_ns(CLOCK_REALTIME) / 1'000'000 - now_ms_;
}

core_thread::~core_thread() {
    discard_messages();
    while (tasks_.next_ != &tasks_) tasks_.next_->unlink();
    while (dead_ != nullptr) {
        const std::unique_ptr<deletable> next(dead_);
        dead_ = next->next_dead_;
    }
}

std::int64_t core_thread::read_monotonic_ns() noexcept {
    return read_clock_ns(CLOCK_MONOTONIC);
}

std::int64_t core_thread::read_cpu_us() noexcept {
    return read_clock_ns(CLOCK_THREAD_CPUTIME_ID) / 1000;
}

void core_thread::read_clocks() noexcept {
    now_ns_ = read_monotonic_ns();
    now_ms_ = now_ns_ / 1'000'000;
}

void core_thread::begin_turn() noexcept {
    if (turn_depth_++ != 0) return;
    read_clocks();
    metrics_.turns.add();
}

void core_thread::end_turn() noexcept {
    if (turn_depth_ > 1) {
        --turn_depth_;
        return;
    }
    while (tasks_.next_ != &tasks_ || dead_ != nullptr) {
        if (tasks_.next_ != &tasks_) {
            turn_task& task = *tasks_.next_;
            task.unlink();
            try {
                task.on_turn_end();
            } catch (const std::exception& error) {
                metrics_.exceptions.add();
                report(error.what());
            }
            continue;
        }
        const std::unique_ptr<deletable> dead(dead_);
        dead_ = dead->next_dead_;
    }
    --turn_depth_;
}

void core_thread::ensure_turn() {
    if (turn_depth_ > 0 || is_turn_posted_) return;
    is_turn_posted_ = true;
    boost::asio::post(context_, [this] {
        is_turn_posted_ = false;
        const turn_scope turn(*this);
    });
}

void core_thread::at_turn_end(turn_task& task) {
    if (task.next_ != nullptr) return;
    task.next_ = &tasks_;
    task.previous_ = tasks_.previous_;
    tasks_.previous_->next_ = &task;
    tasks_.previous_ = &task;
    ensure_turn();
}

void core_thread::delete_later(std::unique_ptr<deletable> dead) {
    dead->next_dead_ = dead_;
    dead_ = dead.release();
    ensure_turn();
}

void core_thread::post(message* what) {
    if (mailbox_.push(what)) boost::asio::post(context_, [this] { drain_mailbox(); });
}

void core_thread::drain_mailbox() {
    const turn_scope turn(*this);
    std::uint64_t taken = 0;
    for (mailbox_node* node = mailbox_.take_all(); node != nullptr;) {
        message& next = static_cast<message&>(*node);
        node = node->next;
        ++taken;
        try {
            next.run(*this);
        } catch (const std::exception& error) {
            metrics_.exceptions.add();
            report(error.what());
        }
    }
    metrics_.mailbox_messages.add(taken);
    metrics_.mailbox_depth.set(taken);
    // What came meanwhile waits until the sockets have had their turn.
    if (!mailbox_.try_sleep()) boost::asio::post(context_, [this] { drain_mailbox(); });
}

void core_thread::discard_messages() noexcept {
    for (mailbox_node* node = mailbox_.take_all(); node != nullptr;) {
        message& next = static_cast<message&>(*node);
        node = node->next;
        next.discard();
    }
    static_cast<void>(mailbox_.try_sleep());
}

void core_thread::wait_tick() {
    ticker_.expires_after(std::chrono::milliseconds(tick_ms));
    ticker_.async_wait([this](boost::system::error_code error) {
        if (error) return;
        {
            const turn_scope turn(*this);
            // The wall clock may step; deadlines don't, so only this offset follows it.
            wall_offset_ms_ = read_clock_ns(CLOCK_REALTIME) / 1'000'000 - now_ms_;
            wheel_.advance(now_ms_);
        }
        wait_tick();
    });
}

void core_thread::run() {
    set_assert_shard(static_cast<int>(index_));
    poller_.start();
    wait_tick();
    for (;;) {
        try {
            context_.run();
            break;
        } catch (const std::exception& error) {
            metrics_.exceptions.add();
            report(error.what());
        }
    }
    poller_.close();
}

void core_thread::stop() noexcept {
    context_.stop();
}

std::uint64_t core_thread::next_random() noexcept {
    random_state_ ^= random_state_ << 13;
    random_state_ ^= random_state_ >> 7;
    random_state_ ^= random_state_ << 17;
    return random_state_ * 0x2545f4914f6cdd1dULL;
}

void core_thread::report(std::string_view text) noexcept {
    if (now_ms_ - reported_ms_ < 1000) {
        ++reports_dropped_;
        return;
    }
    reported_ms_ = now_ms_;
    std::array<char, log_text_bytes> line{};
    const std::size_t size = std::min(text.size(), line.size() - 40);  // room for what follows
    std::memcpy(line.data(), text.data(), size);
    int more = 0;
    if (reports_dropped_ != 0)
        more = std::snprintf(line.data() + size, line.size() - size, " (%llu more not shown)",
                             static_cast<unsigned long long>(reports_dropped_));
    write_log(log_level::error, {line.data(), size + static_cast<std::size_t>(std::max(more, 0))}, index_);
    reports_dropped_ = 0;
}

}  // namespace qtable::net
