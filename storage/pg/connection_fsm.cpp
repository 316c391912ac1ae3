#include "storage/pg/connection_fsm.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "storage/pg/libpq_wire.hpp"

namespace qtable::storage {

namespace {

constexpr std::int64_t stable_ms = 1000;  // a connection that lived shorter doesn't reset the reconnect delay

// One round trip settles the session: what can't be given when connecting through pgbouncer, and what must
// hold. The timeouts stay as they are ($1 NULL) behind a pooler: the session isn't ours alone. Every
// statement has an index: a plan that was made while a table was small must not scan it when it has grown.
constexpr statement greeting{
    "",
    "SELECT set_config('TimeZone', 'UTC', false),"
    " set_config('statement_timeout', coalesce($1, current_setting('statement_timeout')), false),"
    " set_config('idle_in_transaction_session_timeout',"
    "            coalesce($1, current_setting('idle_in_transaction_session_timeout')), false),"
    " current_setting('synchronous_commit'), current_user::text,"
    " set_config('enable_seqscan', case when $1 is null then current_setting('enable_seqscan') else 'off' "
    "end,"
    "            false)"};
constexpr int column_synchronous_commit = 3, column_user = 4;

}  // namespace

void connection_fsm::delivery::run() {
    if (callback) return callback(std::move(result));
    plain();
}

connection_fsm::connection_fsm(pg_wire& wire, connect_target target, pg_options options)
    : wire_(wire),
      target_(std::move(target)),
      options_(std::move(options)),
      pipeline_(wire, options_.prepare, options_.depth),
      jitter_(options_.jitter_seed * 2 + 1) {
    QTABLE_ASSERT(options_.depth > 0);
    apply_defaults(target_, options_);
}

connection_fsm::action connection_fsm::resume(event what, std::int64_t now_ms) {
    now_ms_ = now_ms;
    const bool was_connecting = phase_ == phase::connecting;
    advance(what);
    expire();
    send_waiting();
    if (bad_) lose(why_bad_);
    return next_action(was_connecting);
}

void connection_fsm::advance(event what) {
    switch (what) {
        case event::start:
            if (phase_ == phase::idle) connect();
            return;
        case event::readable:
        case event::writable:
            if (phase_ == phase::connecting) return take_progress(wire_.poll());
            if (phase_ == phase::greeting || phase_ == phase::ready) {
                if (what == event::readable) receive();
                if (unflushed_) flush();
            }
            return;
        case event::work:
            return;
        case event::tick:
            if (phase_ == phase::backing_off && now_ms_ >= phase_ends_ms_) connect();
            return;
        case event::closed:
            if (phase_ != phase::closing) return;
            wire_.finish();
            phase_ = shutting_ ? phase::shut : phase::backing_off;
            phase_ends_ms_ = shutting_ ? action::never : now_ms_ + reconnect_delay_ms();
            return;
        case event::shut:
            shutting_ = true;
            if (phase_ == phase::connecting || phase_ == phase::greeting || phase_ == phase::ready)
                return lose("closed");
            if (phase_ != phase::closing) phase_ = phase::shut;
            return forget_session("closed");
    }
}

void connection_fsm::connect() {
    phase_ = phase::connecting;
    phase_ends_ms_ = now_ms_ + options_.connect_timeout_ms;
    take_progress(wire_.connect(target_));
}

void connection_fsm::take_progress(pg_wire::progress made) {
    polls_write_ = made == pg_wire::progress::want_write;
    if (made == pg_wire::progress::failed) return lose(wire_.error());
    if (made == pg_wire::progress::connected) greet();
}

void connection_fsm::greet() {
    phase_ = phase::greeting;
    if (!wire_.enter_pipeline()) return lose(wire_.error());
    open_unit first;
    params timeout;
    const bool ours_alone = options_.prepare && options_.statement_timeout_ms > 0;
    timeout.add(ours_alone ? std::optional(std::to_string(options_.statement_timeout_ms)) : std::nullopt);
    first.work.add(greeting, std::move(timeout));
    for (const channel& of : channels_) first.work.add(statement{"", of.command});
    first.deadline_ms = phase_ends_ms_;
    if (!pipeline_.send(first)) return lose(wire_.error());
    flush();
}

void connection_fsm::greeted(unit_result result) {
    if (!result.committed()) return lose(result.failure.message);
    const row settings = result.results.front()[0];
    if (settings.get<std::string_view>(column_synchronous_commit) == "off" &&
        !options_.allow_asynchronous_commit) {
        const auto user = settings.get<std::string>(column_user);
        return lose("synchronous_commit is off for role " + user +
                    ": a confirmed booking could be lost; ALTER ROLE \"" + user +
                    "\" SET synchronous_commit = on");
    }
    phase_ = phase::ready;
    phase_ends_ms_ = action::never;
    ready_since_ms_ = now_ms_;
    ++sessions_;
    tell(pg_state::up, {});
    for (const channel& of : channels_) deliveries_.push_back({{}, {}, of.on_listening, 0});
}

void connection_fsm::receive() {
    const bool alive = wire_.consume_input();
    // Also when it just broke: a SYNC that had come before counts.
    pipeline_.take_answers(finished_);
    notify();
    finish_units();
    if (alive || phase_ == phase::closing) return;
    const unit_failure* said = pipeline_.pending_failure();
    lose(said != nullptr && said->kind() == sqlstate_class::unavailable ? said->message : wire_.error());
}

void connection_fsm::notify() {
    while (const auto note = wire_.next_notification()) {
        for (const channel& of : channels_) {
            if (of.name != note->channel) continue;
            deliveries_.push_back(
                {{}, {}, [callback = of.on_notification, payload = note->payload] { callback(payload); }, 0});
        }
    }
}

void connection_fsm::finish_units() {
    for (open_unit& of : std::exchange(finished_, {})) finish(std::move(of));
}

void connection_fsm::finish(open_unit of) {
    if (!of.callback) {  // the greeting has none
        if (phase_ == phase::greeting) greeted(std::move(of.result));
        return;
    }
    const auto kind = of.result.failure.kind();
    if (of.result.outcome == unit_outcome::failed && !bad_ &&
        (kind == sqlstate_class::unavailable || kind == sqlstate_class::stale_statements)) {
        bad_ = true;
        why_bad_ = of.result.failure.message;
    }
    deliveries_.push_back({std::move(of.callback), std::move(of.result), {}, of.begun_us});
}

void connection_fsm::refuse(open_unit of, unit_outcome outcome, std::string why) {
    of.result.outcome = outcome;
    of.result.failure = {sqlstate("08006"), -1, {}, std::move(why)};
    deliveries_.push_back({std::move(of.callback), std::move(of.result), {}, of.begun_us});
}

void connection_fsm::submit(unit work, unit_callback callback, std::int64_t now_ms, std::int64_t begun_us) {
    QTABLE_ASSERT(!work.empty() && callback);
    open_unit of;
    of.begun_us = begun_us;
    const std::int64_t timeout_ms = work.timeout_ms > 0 ? work.timeout_ms : options_.unit_timeout_ms;
    of.deadline_ms = now_ms + timeout_ms;
    of.ready_by_ms = now_ms + std::min(timeout_ms, options_.unready_wait_ms);
    of.work = std::move(work);
    of.callback = std::move(callback);
    if (shutting_) return refuse(std::move(of), unit_outcome::unavailable, "closed");
    if (waiting_.size() >= options_.queued_units) {
        return refuse(std::move(of), unit_outcome::unavailable, "too many statements wait for the database");
    }
    waiting_expires_ms_ = std::min(waiting_expires_ms_, waits_until(of));
    waiting_.push_back(std::move(of));
}

void connection_fsm::listen(std::string name, std::function<void(std::string_view)> on_notification,
                            std::function<void()> on_listening, std::int64_t now_ms) {
    QTABLE_ASSERT(!name.empty() &&
                  name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos);
    channel of{name, "LISTEN \"" + name + '"', std::move(on_notification), std::move(on_listening)};
    const std::function<void()> listening = of.on_listening;
    const std::string command = of.command;
    channels_.push_back(std::move(of));
    // Before a session is up there is nothing more to do: its greeting listens to every channel.
    if (phase_ != phase::ready && phase_ != phase::greeting) return;
    // The unit's view of the command must not depend on channels_, which may grow; a copy lives in the
    // callback.
    auto kept = std::make_shared<const std::string>(command);
    unit work;
    work.add(statement{"", *kept});
    submit(
        std::move(work),
        [listening, kept](unit_result result) {
            if (result.committed()) listening();
        },
        now_ms);
}

void connection_fsm::retarget(connect_target target) {
    target_ = std::move(target);
    apply_defaults(target_, options_);
}

void connection_fsm::send_waiting() {
    if (phase_ != phase::ready || bad_) return;
    bool sent = false;
    while (!waiting_.empty() && pipeline_.takes(waiting_.front().work)) {
        if (!pipeline_.send(waiting_.front())) return lose(wire_.error());
        waiting_.pop_front();
        sent = true;
    }
    if (waiting_.empty()) waiting_expires_ms_ = action::never;
    if (sent) flush();
}

void connection_fsm::flush() {
    const pg_wire::flushed state = wire_.flush();
    unflushed_ = state == pg_wire::flushed::more;
    if (state == pg_wire::flushed::failed) lose(wire_.error());
}

std::int64_t connection_fsm::waits_until(const open_unit& of) const noexcept {
    return phase_ == phase::ready ? of.deadline_ms : std::min(of.deadline_ms, of.ready_by_ms);
}

void connection_fsm::expire() {
    if ((phase_ == phase::connecting || phase_ == phase::greeting) && now_ms_ >= phase_ends_ms_) {
        lose("no answer within " + std::to_string(options_.connect_timeout_ms) + " ms");
    }
    if (phase_ == phase::ready && now_ms_ >= pipeline_.earliest_deadline_ms()) {
        lose("a statement had no answer within its deadline");
    }
    if (now_ms_ < waiting_expires_ms_) return;
    waiting_expires_ms_ = action::never;
    std::deque<open_unit> kept;
    for (open_unit& of : std::exchange(waiting_, {})) {
        const std::int64_t until = waits_until(of);
        if (now_ms_ >= until) {
            refuse(
                std::move(of), unit_outcome::unavailable,
                phase_ == phase::ready ? "the database is busy" : "no connection to the database: " + told_);
        } else {
            waiting_expires_ms_ = std::min(waiting_expires_ms_, until);
            kept.push_back(std::move(of));
        }
    }
    waiting_ = std::move(kept);
}

// The one way out of a session. What was sent may or may not have taken effect; what waited was meant to come
// after it, so it doesn't run either.
void connection_fsm::lose(const std::string& reason) {
    const std::string why = reason;  // may be why_bad_
    bad_ = false;
    if (phase_ == phase::closing) return;
    if (phase_ == phase::greeting || phase_ == phase::ready) {
        pipeline_.take_answers(finished_);
        if (phase_ == phase::ready) finish_units();
        bad_ = false;
    }
    const bool was_ready = phase_ == phase::ready;
    if (was_ready && now_ms_ - ready_since_ms_ >= stable_ms) attempts_ = 0;
    phase_ = phase::closing;
    phase_ends_ms_ = action::never;
    unflushed_ = false;
    if (was_ready || shutting_) {
        forget_session(why);
    } else {
        // libpq goes on to the next server only from one that refuses the connection or doesn't write, not
        // from one that takes it and is silent, or hangs up.
        target_.rotate();
        finished_.clear();
        pipeline_.abandon(why, finished_);
        finished_.clear();  // the greeting
    }
    tell(pg_state::down, why);
}

void connection_fsm::forget_session(const std::string& why) {
    pipeline_.abandon(why, finished_);
    finish_units();
    for (open_unit& of : std::exchange(waiting_, {})) refuse(std::move(of), unit_outcome::unavailable, why);
    waiting_expires_ms_ = action::never;
}

void connection_fsm::tell(pg_state now, const std::string& reason) {
    if (now == told_state_ && reason == told_) return;
    told_state_ = now;
    told_ = reason;
    if (on_state_)
        deliveries_.push_back({{}, {}, [callback = on_state_, now, reason] { callback(now, reason); }, 0});
}

// Doubles from the least to the most, and takes a random half of it off, so that many connections don't come
// at once.
std::int64_t connection_fsm::reconnect_delay_ms() {
    jitter_ ^= jitter_ << 13;
    jitter_ ^= jitter_ >> 7;
    jitter_ ^= jitter_ << 17;
    const int doublings = std::min(attempts_++, 10);
    const std::int64_t most = std::min(limits::pg_reconnect_max_ms, limits::pg_reconnect_min_ms << doublings);
    return most / 2 + static_cast<std::int64_t>(jitter_ % static_cast<std::uint64_t>(most / 2 + 1));
}

connection_fsm::action connection_fsm::next_action(bool was_connecting) const {
    action next;
    next.wake_at_ms = std::min(phase_ends_ms_, waiting_expires_ms_);
    switch (phase_) {
        case phase::closing:
            next.close = true;
            break;
        case phase::connecting:
            next.new_socket = true;
            next.want_read = !polls_write_;
            next.want_write = polls_write_;
            break;
        case phase::greeting:
        case phase::ready:
            next.new_socket = was_connecting;
            next.want_read = true;
            next.want_write = unflushed_;
            next.wake_at_ms = std::min(next.wake_at_ms, pipeline_.earliest_deadline_ms());
            break;
        case phase::idle:
        case phase::backing_off:
        case phase::shut:
            break;
    }
    return next;
}

}  // namespace qtable::storage
