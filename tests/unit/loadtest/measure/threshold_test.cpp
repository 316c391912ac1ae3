#include "loadtest/measure/threshold.hpp"

#include <gtest/gtest.h>

#include "loadtest/failure.hpp"

namespace qtable::loadtest {
namespace threshold_test {

TEST(threshold, reads_percentiles) {
    const threshold of = parse_threshold("p99<5ms");
    EXPECT_EQ(of.what, measure::percentile);
    EXPECT_FALSE(of.which);
    EXPECT_EQ(of.percent, 99);
    EXPECT_EQ(of.limit, 5e6);
    EXPECT_TRUE(of.holds(4.9e6));
    EXPECT_FALSE(of.holds(5e6));
    EXPECT_FALSE(of.holds(6e6));
    EXPECT_EQ(parse_threshold("p999<1s").percent, 99.9);
    EXPECT_EQ(parse_threshold("max < 1.5 s").limit, 1.5e9);
    EXPECT_EQ(parse_threshold("p50<250us").limit, 250e3);
    EXPECT_EQ(parse_threshold("p50<250µs").limit, 250e3);
}

TEST(threshold, may_include_its_limit) {
    const threshold of = parse_threshold("p90<=10ms");
    EXPECT_TRUE(of.holds(10e6));
    EXPECT_FALSE(of.holds(10e6 + 1));
}

TEST(threshold, reads_kinds_of_request) {
    const threshold of = parse_threshold("book.p99<20ms");
    ASSERT_TRUE(of.which);
    EXPECT_EQ(*of.which, kind::book);
    EXPECT_EQ(parse_threshold("search.errors<0.5%").limit, 0.5);
}

TEST(threshold, reads_shares_rates_and_events) {
    EXPECT_EQ(parse_threshold("errors<1%").what, measure::errors);
    EXPECT_EQ(parse_threshold("conflicts<50%").what, measure::conflicts);
    const threshold rate = parse_threshold("rate>1000");
    EXPECT_EQ(rate.what, measure::rate);
    EXPECT_TRUE(rate.holds(1'001));
    EXPECT_FALSE(rate.holds(1'000));
    const threshold events = parse_threshold("event_p99<50ms");
    EXPECT_EQ(events.what, measure::event_percentile);
    EXPECT_EQ(events.limit, 50e6);
}

TEST(threshold, refuses_everything_else) {
    for (const char* const text :
         {"", "p99", "p99<", "p99<5", "p99<5%", "p98<5ms", "p99=5ms", "<5ms", "errors<1", "errors<ms",
          "rate>fast", "rate>-1", "cook.p99<5ms", "book.event_p99<5ms", "p99<-5ms", "p99<5 minutes",
          "p99<1e3ms", "p99<5msx"}) {
        EXPECT_THROW(parse_threshold(text), usage_error) << text;
    }
}

TEST(threshold, says_what_would_be_understood) {
    try {
        parse_threshold("cook.p99<5ms");
        FAIL();
    } catch (const usage_error& wrong) {
        EXPECT_NE(std::string(wrong.what()).find("availability"), std::string::npos) << wrong.what();
    }
}

TEST(duration_text, is_for_people) {
    EXPECT_EQ(duration_text(999), "999 ns");
    EXPECT_EQ(duration_text(1'500), "1.50 µs");
    EXPECT_EQ(duration_text(12'340'000), "12.3 ms");
    EXPECT_EQ(duration_text(2e9), "2.00 s");
}

}  // namespace threshold_test
}  // namespace qtable::loadtest
