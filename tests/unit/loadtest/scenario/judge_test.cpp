#include <gtest/gtest.h>

#include "loadtest/scenario/run_scenario.hpp"

namespace qtable::loadtest {
namespace judge_test {

run_report measured() {
    run_report made;
    made.rate_achieved = 990;
    made.duration_s = 10;
    kind_report book;
    book.name = "book";
    book.requests = 100;
    book.ok = 97;
    book.errors = 3;
    for (int i = 1; i <= 100; ++i) book.latency.record(i * ns_per_ms);
    made.kinds = {book};
    return made;
}

bool is_kept(const char* text, run_report of) {
    judge({parse_threshold(text)}, of);
    EXPECT_EQ(of.thresholds.size(), 1U);
    EXPECT_FALSE(of.thresholds[0].detail.empty());
    return of.thresholds[0].is_kept;
}

TEST(judge, holds_figures_against_limits) {
    EXPECT_TRUE(is_kept("p99<110ms", measured()));
    EXPECT_FALSE(is_kept("p99<90ms", measured()));
    EXPECT_TRUE(is_kept("book.p50<60ms", measured()));
    EXPECT_FALSE(is_kept("max<100ms", measured()));
    EXPECT_TRUE(is_kept("max<=100ms", measured()));
    EXPECT_TRUE(is_kept("errors<4%", measured()));
    EXPECT_FALSE(is_kept("errors<3%", measured()));
    EXPECT_TRUE(is_kept("rate>900", measured()));
    EXPECT_FALSE(is_kept("rate>1000", measured()));
    EXPECT_FALSE(is_kept("book.rate>10", measured()));
}

TEST(judge, what_was_not_measured_is_not_kept) {
    EXPECT_FALSE(is_kept("search.p99<1s", measured()));
    EXPECT_FALSE(is_kept("event_p99<1s", measured()));
    EXPECT_FALSE(is_kept("p99<1s", run_report{}));
}

TEST(judge, events_are_counted_from_the_201_where_that_is_known) {
    run_report of = measured();
    histogram slow, quick;
    slow.record(100 * ns_per_ms);
    quick.record(ns_per_ms);
    of.delays = {{"after the event's time: public", slow}};
    EXPECT_FALSE(is_kept("event_p99<50ms", of));
    of.delays.push_back({"after the 201: staff", quick});
    EXPECT_TRUE(is_kept("event_p99<50ms", of));
}

}  // namespace judge_test
}  // namespace qtable::loadtest
