#include "loadtest/measure/recorder.hpp"

#include <gtest/gtest.h>

namespace qtable::loadtest {
namespace recorder_test {

constexpr measured_window window = {0, 2 * ns_per_s, 5 * ns_per_s};

const kind_totals& of(const recorder& from, kind which) {
    return from.totals()[static_cast<std::size_t>(which)];
}

TEST(recorder, counts_in_an_open_loop_what_was_due_inside_of_the_window) {
    recorder to(window, false);
    to.finished(kind::book, 201, ns_per_s, 3 * ns_per_s);                  // due while warming up
    to.finished(kind::book, 201, 2 * ns_per_s, 2 * ns_per_s + ns_per_ms);  // the first that counts
    to.finished(kind::book, 409, 4 * ns_per_s, 9 * ns_per_s);              // answered long after the end
    to.finished(kind::book, 201, 5 * ns_per_s, 5 * ns_per_s + 1);          // due when it was over
    EXPECT_EQ(of(to, kind::book).requests, 2U);
    EXPECT_EQ(of(to, kind::book).ok, 1U);
    EXPECT_EQ(of(to, kind::book).conflicts, 1U);
    EXPECT_EQ(of(to, kind::book).latency.max(), 5 * ns_per_s);
    EXPECT_EQ(to.answered_in_window(), 2U);  // by when the answer came
}

TEST(recorder, counts_in_a_closed_loop_what_ended_inside_of_the_window) {
    recorder to(window, true);
    to.finished(kind::search, 200, ns_per_s, 3 * ns_per_s);
    to.finished(kind::search, 200, 4 * ns_per_s, 6 * ns_per_s);
    EXPECT_EQ(of(to, kind::search).requests, 1U);
}

TEST(recorder, times_answers_and_missing_ones_but_not_refusals) {
    recorder to(window, false);
    const std::int64_t due = 3 * ns_per_s;
    to.finished(kind::book, 503, due, due + 1);
    to.finished(kind::book, timed_out, due, due + 10 * ns_per_s);
    to.finished(kind::book, not_sent, due, due + 7 * ns_per_s);
    to.finished(kind::book, disconnected, due, due + 2);
    EXPECT_EQ(of(to, kind::book).errors, 4U);
    EXPECT_EQ(of(to, kind::book).latency.count(), 2U);
    EXPECT_EQ(of(to, kind::book).codes[503], 1U);
    EXPECT_EQ(of(to, kind::book).refusal.count(), 1U);
    EXPECT_EQ(of(to, kind::book).codes[timed_out], 1U);
}

TEST(recorder, tells_the_wait_for_a_connection_from_its_own_lag) {
    recorder to(window, false);
    const std::int64_t due = 3 * ns_per_s;
    to.sent(due, due - 5, due + 100);                    // a connection was free: the client was 100 ns late
    to.sent(due, due + ns_per_ms, due + ns_per_ms + 7);  // all were busy for a millisecond
    EXPECT_EQ(to.sending().sent, 2U);
    EXPECT_EQ(to.sending().waited, 1U);
    EXPECT_EQ(to.sending().lag.max(), 100);
    EXPECT_EQ(to.sending().lag.min(), 7);
}

TEST(recorder, hands_over_a_second_at_a_time) {
    recorder to(window, false);
    to.sent(1, 0, 1);
    to.finished(kind::search, 200, 1, 1'001);
    to.pass(ns_per_s / 2);
    EXPECT_TRUE(to.take_intervals().empty());
    to.pass(3 * ns_per_s);
    const auto told = to.take_intervals();
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told[0].second, 0);
    EXPECT_EQ(told[0].answered, 1U);
    EXPECT_EQ(told[0].latency.max(), 1'000);
    EXPECT_EQ(told[1].answered, 0U);
    EXPECT_TRUE(told[2].latency.is_empty());
    EXPECT_EQ(told[2].second, 2);
}

}  // namespace recorder_test
}  // namespace qtable::loadtest
