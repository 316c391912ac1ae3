#include "net/limit/rate_limits.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace qtable::net {
namespace rate_limits_test {

constexpr std::uint64_t salt = 0x1234567812345678ULL;
constexpr std::int64_t noon_ms = 1'000'000;

TEST(rate_table, gives_the_quota_at_once_and_then_as_it_comes_back) {
    rate_table table(60, salt);
    for (int i = 0; i < 60; ++i) {
        const rate_verdict said = table.take("ada", noon_ms);
        EXPECT_TRUE(said.is_allowed) << i;
        EXPECT_EQ(said.left, 59 - i);
    }
    const rate_verdict refused = table.take("ada", noon_ms);
    EXPECT_FALSE(refused.is_allowed);
    EXPECT_GT(refused.wait_ms, 0);
    EXPECT_LE(refused.wait_ms, 1001);
    EXPECT_FALSE(table.take("ada", noon_ms + refused.wait_ms - 10).is_allowed);
    EXPECT_TRUE(table.take("ada", noon_ms + refused.wait_ms).is_allowed);
    EXPECT_FALSE(table.take("ada", noon_ms + refused.wait_ms).is_allowed);
}

TEST(rate_table, what_was_refused_costs_nothing) {
    rate_table table(60, salt);
    for (int i = 0; i < 1000; ++i) table.take("ada", noon_ms);
    EXPECT_TRUE(table.take("ada", noon_ms + 1001).is_allowed);
}

TEST(rate_table, keys_are_apart) {
    rate_table table(1, salt);
    EXPECT_TRUE(table.take("ada", noon_ms).is_allowed);
    EXPECT_FALSE(table.take("ada", noon_ms).is_allowed);
    EXPECT_TRUE(table.take("ben", noon_ms).is_allowed);
    EXPECT_TRUE(table.take("ada2", noon_ms).is_allowed);
}

TEST(rate_table, is_whole_again_after_a_minute) {
    rate_table table(100, salt);
    for (int i = 0; i < 100; ++i) table.take("ada", noon_ms);
    EXPECT_EQ(table.take("ada", noon_ms + 60'000).left, 99);
}

// A stranger with many addresses pushes out who asked least lately, not who is at its limit right now.
TEST(rate_table, many_keys_do_not_free_one_that_asks_on) {
    rate_table table(1000, salt);
    int allowed = 0;
    for (int i = 0; i < 200'000; ++i) {
        table.take("stranger " + std::to_string(i), noon_ms + i / 1000);
        if (i % 20 == 0 && table.take("ada", noon_ms + i / 1000).is_allowed) ++allowed;
    }
    EXPECT_LE(allowed, 1010);
}

TEST(rate_table, counts_over_threads) {
    rate_table table(10'000, salt);
    std::vector<std::thread> threads;
    std::atomic<int> allowed = 0;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 5000; ++i) allowed += table.take("ada", noon_ms).is_allowed ? 1 : 0;
        });
    }
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(allowed, 10'000);
}

TEST(rate_limits, tells_of_the_one_that_is_nearer) {
    rate_limits limits({100, 10, 0}, salt);
    rate_note note;
    EXPECT_TRUE(limits.by_address("1.2.3.4", noon_ms, note));
    EXPECT_EQ(note.policy, "address");
    EXPECT_TRUE(limits.by_account("ada", noon_ms, note));
    EXPECT_EQ(note.policy, "account");
    EXPECT_TRUE(limits.by_restaurant("any", noon_ms, note)) << "no limit";
    EXPECT_EQ(note.policy, "account");
    std::string lines;
    note.append_to(lines);
    EXPECT_EQ(lines, "RateLimit-Policy: \"account\";q=10;w=60\r\nRateLimit: \"account\";r=9;t=6\r\n");
}

TEST(rate_limits, says_nothing_where_nothing_is_limited) {
    rate_limits limits({0, 0, 0}, salt);
    rate_note note;
    EXPECT_TRUE(limits.by_address("1.2.3.4", noon_ms, note));
    EXPECT_FALSE(note.applies());
}

}  // namespace rate_limits_test
}  // namespace qtable::net
