#include "loadtest/check/overlaps.hpp"

#include <gtest/gtest.h>

#include "loadtest/check/stored.hpp"
#include "loadtest/measure/dice.hpp"

namespace qtable::loadtest {
namespace overlaps_test {

using pairs = std::vector<std::pair<std::size_t, std::size_t>>;

TEST(find_overlaps, lets_be_what_only_touches_or_is_elsewhere) {
    EXPECT_EQ(find_overlaps({}), pairs{});
    EXPECT_EQ(
        find_overlaps({{"t1", 0, 90, "a"}, {"t1", 90, 180, "b"}, {"t2", 30, 60, "c"}, {"t1", 180, 200, "d"}}),
        pairs{});
}

TEST(find_overlaps, finds_a_planted_double_booking) {
    EXPECT_EQ(find_overlaps({{"t1", 100, 190, "b"}, {"t1", 0, 101, "a"}}), (pairs{{1, 0}}));
    EXPECT_EQ(find_overlaps({{"t1", 0, 90, "a"}, {"t1", 0, 90, "b"}}).size(), 1U);
}

TEST(find_overlaps, finds_one_inside_of_a_long_one_that_began_before_others) {
    EXPECT_EQ(
        find_overlaps({{"t", 0, 1'000, "long"}, {"t", 1'000, 1'010, "after"}, {"t", 500, 510, "inside"}}),
        (pairs{{0, 2}}));
    EXPECT_EQ(find_overlaps({{"t", 0, 1'000, "long"}, {"t", 10, 20, "x"}, {"t", 900, 910, "y"}}).size(), 2U);
}

TEST(find_overlaps, a_reservation_does_not_overlap_itself) {
    EXPECT_EQ(find_overlaps({{"t", 0, 90, "a"}, {"t", 0, 90, "a"}}), pairs{});
}

TEST(find_overlaps, says_whether_there_is_one_as_comparing_all_does) {
    dice chance(5);
    for (int round = 0; round < 500; ++round) {
        std::vector<claim> claims;
        for (std::size_t i = 0; i < 8; ++i) {
            const auto start = static_cast<std::int64_t>(chance.below(100));
            claims.push_back({chance.chance(0.5) ? "a" : "b", start,
                              start + 1 + static_cast<std::int64_t>(chance.below(12)), std::to_string(i)});
        }
        bool is_any = false;
        for (const claim& a : claims) {
            for (const claim& b : claims) {
                is_any = is_any ||
                         (&a != &b && a.table == b.table && a.start_ms < b.end_ms && b.start_ms < a.end_ms);
            }
        }
        ASSERT_EQ(!find_overlaps(claims).empty(), is_any) << round;
    }
}

promise told(const char* id, std::int64_t sent, std::int64_t confirmed,
             std::int64_t released = std::numeric_limits<std::int64_t>::max()) {
    return {{"t", 0, 90, id}, sent, confirmed, released};
}

TEST(find_double_promises, finds_two_at_the_same_time) {
    EXPECT_EQ(find_double_promises({told("a", 0, 10), told("b", 20, 30)}), (pairs{{0, 1}}));
    EXPECT_EQ(find_double_promises({told("b", 20, 30), told("a", 0, 10, 31)}), (pairs{{1, 0}}));
}

TEST(find_double_promises, lets_be_what_some_order_explains) {
    // The first may have been cancelled before the second was decided.
    EXPECT_EQ(find_double_promises({told("a", 0, 10, 25), told("b", 20, 30)}), pairs{});
    // Another time of the day, another table.
    EXPECT_EQ(find_double_promises({told("a", 0, 10), {{"t", 90, 180, "b"}, 20, 30}}), pairs{});
    EXPECT_EQ(find_double_promises({told("a", 0, 10), {{"u", 0, 90, "b"}, 20, 30}}), pairs{});
}

TEST(read_reservation, reads_what_a_check_needs) {
    const stored_reservation of = read_reservation(
        R"({"id":"i","restaurant_id":"r","date":"2026-12-01","time":"19:00:00","party_size":4,"status":"confirmed",)"
        R"("special_requests":"n","table_id":"t1","table_ids":["t1","t2"],"starts_at":"2026-12-01T19:00:00+01:00",)"
        R"("ends_at":"2026-12-01T20:45:00+01:00"})");
    EXPECT_EQ(of.id, "i");
    EXPECT_EQ(of.time, "19:00");
    EXPECT_EQ(of.party, 4);
    EXPECT_TRUE(of.takes_a_table());
    const auto claims = of.claims();
    ASSERT_EQ(claims.size(), 2U);
    EXPECT_EQ(claims[1].table, "t2");
    EXPECT_EQ(claims[0].end_ms - claims[0].start_ms, 105 * 60'000);
    EXPECT_TRUE(read_reservation(R"({"id":"i","status":"confirmed","table_id":null})").claims().empty());
    EXPECT_EQ(read_reservation(R"({"table_id":"only"})").tables.size(), 1U);
}

}  // namespace overlaps_test
}  // namespace qtable::loadtest
