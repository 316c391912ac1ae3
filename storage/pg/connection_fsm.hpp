// The life of one connection as a state machine without I/O: resume(event, now) → what to wait for.
// Connecting, the session's settings, units, deadlines, loss, and coming back with jittered delays are all
// decided here; the driver only watches the socket and the clock.
//
//   idle → connecting → greeting → ready → closing → backing_off → connecting …        shut ends it
//
// Owner: one pg_connection. Bounds: pg_options. Nothing is called back from inside: what there is to tell is
// collected for take_deliveries().
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/pg/options.hpp"
#include "storage/pg/pipeline.hpp"
#include "storage/pg/state.hpp"
#include "storage/pg/wire.hpp"

namespace qtable::storage {

class connection_fsm {
  public:
    enum class event : std::uint8_t {
        start,
        readable,
        writable,
        work,    // something was submitted
        tick,    // the time of action::wake_at_ms has come
        closed,  // the driver has let go of the socket, as action::close asked
        shut,    // end for good
    };

    struct action {
        static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
        bool close = false;       // stop watching the socket, then resume(closed)
        bool new_socket = false;  // the socket may be another one than before
        bool want_read = false;
        bool want_write = false;
        std::int64_t wake_at_ms = never;
    };

    // Something to call once the machine is at rest.
    struct delivery {
        unit_callback callback;
        unit_result result;
        std::function<void()> plain;
        std::int64_t begun_us = 0;  // of a unit: as it was submitted with
        void run();
    };

    connection_fsm(pg_wire& wire, connect_target target, pg_options options);

    void on_state(std::function<void(pg_state, std::string_view)> callback) {
        on_state_ = std::move(callback);
    }
    action resume(event what, std::int64_t now_ms);
    // Both want a resume(work) afterwards.
    void submit(unit work, unit_callback callback, std::int64_t now_ms, std::int64_t begun_us = 0);
    void listen(std::string channel, std::function<void(std::string_view)> on_notification,
                std::function<void()> on_listening, std::int64_t now_ms);
    void retarget(connect_target target);
    bool has_deliveries() const noexcept { return !deliveries_.empty(); }
    std::vector<delivery> take_deliveries() { return std::exchange(deliveries_, {}); }

    bool ready() const noexcept { return phase_ == phase::ready; }
    std::uint64_t sessions() const noexcept { return sessions_; }  // that came up so far
    std::size_t waiting() const noexcept { return waiting_.size(); }
    std::size_t in_flight() const noexcept { return phase_ == phase::ready ? pipeline_.in_flight() : 0; }

  private:
    enum class phase : std::uint8_t { idle, connecting, greeting, ready, closing, backing_off, shut };
    struct channel {
        std::string name, command;
        std::function<void(std::string_view)> on_notification;
        std::function<void()> on_listening;
    };

    void advance(event what);
    void connect();
    void take_progress(pg_wire::progress made);
    void greet();
    void greeted(unit_result result);
    void receive();
    void notify();
    void finish_units();
    void finish(open_unit of);
    void refuse(open_unit of, unit_outcome outcome, std::string why);
    void send_waiting();
    void flush();
    void expire();
    void lose(const std::string& why);
    void forget_session(const std::string& why);
    void tell(pg_state now, const std::string& reason);
    std::int64_t reconnect_delay_ms();
    std::int64_t waits_until(const open_unit& of) const noexcept;
    action next_action(bool was_connecting) const;

    pg_wire& wire_;
    connect_target target_;
    pg_options options_;
    pipeline pipeline_;
    std::function<void(pg_state, std::string_view)> on_state_;

    phase phase_ = phase::idle;
    bool shutting_ = false;     // closing for good
    bool polls_write_ = false;  // connecting: what the poll waits for
    bool unflushed_ = false;
    bool bad_ = false;  // to be dropped once the answers at hand are taken
    std::int64_t now_ms_ = 0;
    std::int64_t phase_ends_ms_ = action::never;  // connecting, greeting: give up; backing_off: try again
    std::int64_t waiting_expires_ms_ = action::never;  // not later than the first deadline in waiting_
    std::int64_t ready_since_ms_ = 0;
    int attempts_ = 0;  // since it last was up for a while
    std::uint64_t sessions_ = 0;
    std::uint64_t jitter_;
    std::string why_bad_;
    std::string told_;  // the last reason of `down`
    pg_state told_state_ = pg_state::down;

    std::deque<open_unit> waiting_;
    std::vector<open_unit> finished_;  // out of the pipeline, not looked at yet
    std::vector<channel> channels_;
    std::vector<delivery> deliveries_;
};

}  // namespace qtable::storage
