#include "loadtest/scenario/offers.hpp"

#include <gtest/gtest.h>

#include <set>

#include "loadtest/scenario/blip_watch.hpp"
#include "loadtest/scenario/booking_log.hpp"

namespace qtable::loadtest {
namespace offers_test {

world small_world() {
    world made;
    made.run = "test";
    made.host = "127.0.0.1:1";
    made.days = {"2026-12-01", "2026-12-02"};
    made.places = {{"p0", 55, 12, false, false}, {"p1", 55, 12, true, true}};
    made.own_from = 1;
    made.diners = {"t0", "t1", "t2"};
    made.offers = {{0, 0, 2, {{1'140, 1}, {1'170, 1}}, 0}, {1, 1, 4, {{1'200, 3}}, 0}};
    return made;
}

TEST(read_starts, takes_the_free_ones) {
    const auto starts = read_starts(
        R"({"date":"2026-12-01","slots":[{"slot_id":null,"time":"18:00","available_tables":3,"is_available":true,"reasons":[]},)"
        R"({"time":"18:30","available_tables":0,"is_available":false,"reasons":["no_table"]},)"
        R"({"time":"19:00","available_tables":2,"is_available":false,"reasons":["paused"]},{"time":"19:30:00","available_tables":1}]})");
    ASSERT_EQ(starts.size(), 2U);
    EXPECT_EQ(starts[0].minute, 18 * 60);
    EXPECT_EQ(starts[0].tables, 3);
    EXPECT_EQ(starts[1].minute, 19 * 60 + 30);
    EXPECT_TRUE(read_starts("nonsense").empty());
    EXPECT_EQ(read_starts(R"([{"time":"12:00","is_available":true}])").size(), 1U);
}

TEST(offers, gives_each_start_once) {
    const world in = small_world();
    offers from(in, false, 0, 1);
    dice chance(1);
    std::set<std::pair<std::uint32_t, std::uint16_t>> given;
    while (const auto each = from.take(chance)) {
        EXPECT_TRUE(given.insert({each->place, each->minute}).second);
        EXPECT_LT(each->diner, 3U);
    }
    EXPECT_EQ(given.size(), 3U);
    EXPECT_TRUE(from.wants_more());
    from.add({0, 1, 2, {{1'140, 1}}, 0});
    EXPECT_TRUE(from.take(chance));
    EXPECT_FALSE(from.take(chance));
}

TEST(offers, sends_another_customer_each_time) {
    world in = small_world();
    in.offers = {{0, 0, 2, {{1'140, 1}, {1'170, 1}, {1'200, 1}}, 5}};
    offers from(in, false, 0, 1);
    dice chance(1);
    std::set<std::uint32_t> diners;
    while (const auto each = from.take(chance)) diners.insert(each->diner);
    EXPECT_EQ(diners.size(), 3U);
}

TEST(offers, are_divided_among_threads) {
    const world in = small_world();
    dice chance(1);
    std::size_t count = 0;
    for (unsigned share = 0; share < 2; ++share) {
        offers from(in, false, share, 2);
        while (from.take(chance)) ++count;
    }
    EXPECT_EQ(count, 3U);
}

TEST(offers, of_the_hot_restaurant_never_end) {
    world in = small_world();
    in.offers.pop_back();
    offers from(in, true, 1, 2);
    dice chance(1);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(from.take(chance));
    EXPECT_FALSE(from.wants_more());
}

TEST(booking_log, cancels_what_stands_longest_and_each_once) {
    booking_log log(true);
    log.confirmed({}, "n1", R"({"id":"a"})", 1, 2);
    log.confirmed({}, "n2", R"({"id":"b"})", 3, 4);
    log.confirmed({}, "n3", R"({"no":"id"})", 5, 6);
    EXPECT_EQ(log.standing(), 2U);
    const auto first = log.begin_cancel(7);
    ASSERT_TRUE(first);
    EXPECT_EQ(log.all()[*first].id, "a");
    EXPECT_EQ(log.all()[*first].cancel, cancelling::asked);
    EXPECT_EQ(log.all()[*first].cancel_sent_ns, 7);
    log.cancelled(*first);
    EXPECT_EQ(log.all()[*first].cancel, cancelling::done);
    EXPECT_TRUE(log.begin_cancel(8));
    EXPECT_FALSE(log.begin_cancel(9));  // nobody can cancel what has no id
    EXPECT_EQ(log.all().size(), 3U);
    EXPECT_EQ(log.all()[1].body, R"({"id":"b"})");
}

TEST(blip_watch, sees_when_an_outage_began_and_ended) {
    blip_watch saw;
    saw.saw(kind::availability, 200, 1);
    saw.saw(kind::book, 201, 2);
    EXPECT_EQ(saw.first_ns, 0);
    saw.saw(kind::book, 503, 10);
    saw.saw(kind::availability, 200, 11);
    saw.saw(kind::availability, 503, 12);
    saw.saw(kind::book, 409, 13);  // refused from memory: no sign of a database
    saw.saw(kind::cancel, timed_out, 20);
    saw.saw(kind::availability, 200, 21);
    saw.saw(kind::book, 201, 30);
    saw.saw(kind::book, 201, 31);
    EXPECT_EQ(saw.first_ns, 10);
    EXPECT_EQ(saw.last_ns, 20);
    EXPECT_EQ(saw.first_success_ns, 30);
    EXPECT_EQ(saw.refused, 1U);
    EXPECT_EQ(saw.unanswered, 1U);
    EXPECT_EQ(saw.reads_ok, 1U);
    EXPECT_EQ(saw.reads_failed, 1U);
}

TEST(blip_watch, of_several_threads_is_one_outage) {
    blip_watch a, b, sum;
    a.saw(kind::book, 503, 10);
    a.saw(kind::book, 201, 15);
    b.saw(kind::book, 503, 18);
    b.saw(kind::book, 201, 25);
    sum.merge(a);
    sum.merge(b);
    EXPECT_EQ(sum.first_ns, 10);
    EXPECT_EQ(sum.last_ns, 18);
    EXPECT_EQ(sum.first_success_ns, 25);
    EXPECT_EQ(sum.refused, 2U);
}

}  // namespace offers_test
}  // namespace qtable::loadtest
