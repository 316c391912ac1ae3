// One core of the server: its io_context, timer wheel, mailbox, poller, clock readings and counters.
// Everything that runs on a core runs in turns: a turn is one wake-up, has one reading of the clocks, and
// ends with what was put off to its end (flushing sockets, so that a burst of frames is one write; deleting
// sessions, so that none dies on its own stack). Any core: `post`, `index`, `metrics` (reading). Everything
// else: this core only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/base/time.hpp"
#include "core/sync/mailbox.hpp"
#include "core/timer/wheel.hpp"
#include "net/rt/message.hpp"
#include "net/rt/metrics.hpp"
#include "net/rt/poller.hpp"

namespace qtable::net {

// Something to do once at the end of the turn. Unlinks itself when destroyed.
class turn_task {
  public:
    turn_task() = default;
    turn_task(const turn_task&) = delete;
    turn_task& operator=(const turn_task&) = delete;
    virtual void on_turn_end() = 0;

  protected:
    virtual ~turn_task() { unlink(); }

  private:
    friend class core_thread;
    void unlink() noexcept {
        if (next_ == nullptr) return;
        next_->previous_ = previous_;
        previous_->next_ = next_;
        next_ = previous_ = nullptr;
    }
    turn_task* next_ = nullptr;
    turn_task* previous_ = nullptr;
};

// Whatever may be deleted only when nothing of it is on the stack any more.
class deletable {
  public:
    virtual ~deletable() = default;

  private:
    friend class core_thread;
    deletable* next_dead_ = nullptr;
};

class core_thread {
  public:
    static constexpr std::size_t read_buffer_bytes = 64 * 1024;
    static constexpr std::int64_t tick_ms = 50;

    explicit core_thread(std::uint32_t index);
    ~core_thread();
    core_thread(const core_thread&) = delete;
    core_thread& operator=(const core_thread&) = delete;

    std::uint32_t index() const noexcept { return index_; }
    core_metrics& metrics() noexcept { return metrics_; }
    const core_metrics& metrics() const noexcept { return metrics_; }

    // Any core. Hands the message over; it runs here in a turn of its own or with others.
    void post(message* what);

    boost::asio::io_context& context() noexcept { return context_; }
    timer_wheel& wheel() noexcept { return wheel_; }
    net::poller& poller() noexcept { return poller_; }

    // Readings of this turn. The first never goes back; the second is Unix time and may step.
    std::int64_t now_ms() const noexcept { return now_ms_; }
    std::int64_t now_ns() const noexcept { return now_ns_; }
    instant wall_now() const noexcept { return {now_ms_ + wall_offset_ms_}; }
    // A precise reading in the middle of a turn, for measuring.
    static std::int64_t read_monotonic_ns() noexcept;
    // What the calling thread has computed so far.
    static std::int64_t read_cpu_us() noexcept;

    void at_turn_end(turn_task& task);
    void delete_later(std::unique_ptr<deletable> dead);

    // For reading from a socket; whatever is kept beyond the present call is copied out of it.
    char* read_buffer() noexcept { return read_buffer_.get(); }

    // Cheap randomness for jitter and request ids; nothing secret.
    std::uint64_t next_random() noexcept;

    // One line to the operator, at most one a second and core; what is dropped is counted in the next one.
    void report(std::string_view text) noexcept;

    // Runs on the thread until `stop`.
    void run();
    void stop() noexcept;
    // After the thread has ended: what was never run is discarded.
    void discard_messages() noexcept;

  private:
    friend class turn_scope;
    void begin_turn() noexcept;
    void end_turn() noexcept;
    void ensure_turn();
    void read_clocks() noexcept;
    void drain_mailbox();
    void wait_tick();

    std::uint32_t index_;
    boost::asio::io_context context_;
    std::int64_t now_ns_ = 0;
    std::int64_t now_ms_ = 0;
    std::int64_t wall_offset_ms_ = 0;
    timer_wheel wheel_;
    boost::asio::steady_timer ticker_;
    mailbox mailbox_;
    net::poller poller_;
    core_metrics metrics_;
    std::unique_ptr<char[]> read_buffer_;
    struct task_list final : turn_task {  // an empty list is linked to itself
        void on_turn_end() override {}
    } tasks_;
    deletable* dead_ = nullptr;
    int turn_depth_ = 0;
    bool is_turn_posted_ = false;
    std::uint64_t random_state_;
    std::int64_t reported_ms_ = -1000;
    std::uint64_t reports_dropped_ = 0;
};

// Marks a handler of the core's io_context as a turn: fresh clocks at its begin, put-off work done at its
// end. Nests.
class turn_scope {
  public:
    explicit turn_scope(core_thread& core) noexcept : core_(core) { core_.begin_turn(); }
    ~turn_scope() { core_.end_turn(); }
    turn_scope(const turn_scope&) = delete;
    turn_scope& operator=(const turn_scope&) = delete;

  private:
    core_thread& core_;
};

}  // namespace qtable::net
