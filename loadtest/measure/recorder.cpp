#include "loadtest/measure/recorder.hpp"

#include <algorithm>
#include <utility>

namespace qtable::loadtest {

void kind_totals::count(outcome_code code, std::int64_t latency_ns) noexcept {
    ++requests;
    if (is_success(code)) {
        ++ok;
    } else if (is_conflict(code)) {
        ++conflicts;
    } else {
        ++errors;
    }
    ++codes[static_cast<std::size_t>(code)];
    if (is_timed(code)) latency.record(latency_ns);
    if (is_refusal(code)) refusal.record(latency_ns);
}

void kind_totals::merge(const kind_totals& other) {
    latency.merge(other.latency);
    refusal.merge(other.refusal);
    requests += other.requests;
    ok += other.ok;
    conflicts += other.conflicts;
    errors += other.errors;
    for (std::size_t i = 0; i < codes.size(); ++i) codes[i] += other.codes[i];
}

void interval::merge(const interval& other) {
    tellers += other.tellers;
    latency.merge(other.latency);
    sent += other.sent;
    answered += other.answered;
    conflicts += other.conflicts;
    errors += other.errors;
}

void sending_totals::merge(const sending_totals& other) {
    lag.merge(other.lag);
    sent += other.sent;
    waited += other.waited;
}

recorder::recorder(const measured_window& window, bool is_closed)
    : window_(window), is_closed_(is_closed), second_ends_ns_(window.start_ns + ns_per_s) {}

void recorder::sent(std::int64_t due_ns, std::int64_t could_ns, std::int64_t now_ns) noexcept {
    ++current_.sent;
    if (is_closed_ || due_ns < window_.from_ns) return;
    ++sending_.sent;
    if (could_ns > due_ns) ++sending_.waited;
    sending_.lag.record(now_ns - std::max(due_ns, could_ns));
}

void recorder::finished(kind which, outcome_code code, std::int64_t due_ns, std::int64_t done_ns) noexcept {
    const std::int64_t latency_ns = done_ns - due_ns;
    if (is_answer(code)) {
        ++current_.answered;
        if (done_ns >= window_.from_ns && done_ns < window_.until_ns) ++answered_in_window_;
    }
    if (is_conflict(code)) ++current_.conflicts;
    if (is_error(code)) ++current_.errors;
    if (is_timed(code)) current_.latency.record(latency_ns);
    const std::int64_t at_ns = is_closed_ ? done_ns : due_ns;
    if (at_ns < window_.from_ns || at_ns >= window_.until_ns) return;
    totals_[static_cast<std::size_t>(which)].count(code, latency_ns);
}

void recorder::end_seconds(std::int64_t now_ns) {
    while (now_ns >= second_ends_ns_) {
        hand_over();
        ++current_.second;
        second_ends_ns_ += ns_per_s;
    }
}

void recorder::hand_over() {
    const std::lock_guard held(lock_);
    done_.push_back(current_);
    current_.latency.clear();
    current_.sent = current_.answered = current_.conflicts = current_.errors = 0;
}

void recorder::end() {
    hand_over();
}

std::vector<interval> recorder::take_intervals() {
    const std::lock_guard held(lock_);
    return std::exchange(done_, {});
}

}  // namespace qtable::loadtest
