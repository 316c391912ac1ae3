#include "core/engine/idempotency.hpp"

#include <gtest/gtest.h>

#include "core/base/limits.hpp"

namespace qtable::test {
namespace idempotency_test {

using ledger = idempotency_ledger;

class idempotency : public testing::Test {
  protected:
    static constexpr idempotency_scope scope{1, 2};
    static constexpr body_hash body{1}, other_body{2};
    instant now{1'000'000};
    ledger keys;
};

TEST_F(idempotency, knows_a_key_that_is_running) {
    EXPECT_EQ(keys.begin(scope, body, now), ledger::verdict::fresh);
    EXPECT_EQ(keys.begin(scope, body, now), ledger::verdict::in_progress);
    EXPECT_EQ(keys.begin(scope, other_body, now), ledger::verdict::reused);
    EXPECT_EQ(keys.begin({2, 2}, body, now), ledger::verdict::fresh);
}

TEST_F(idempotency, points_to_the_stored_answer) {
    keys.begin(scope, body, now);
    keys.settle(scope, ledger::outcome::stored);
    EXPECT_EQ(keys.begin(scope, body, now), ledger::verdict::stored);
    EXPECT_EQ(keys.begin(scope, other_body, now), ledger::verdict::reused);
}

TEST_F(idempotency, forgets_a_key_whose_request_failed) {
    keys.begin(scope, body, now);
    keys.settle(scope, ledger::outcome::failed);
    EXPECT_EQ(keys.size(), 0U);
    EXPECT_EQ(keys.begin(scope, other_body, now), ledger::verdict::fresh);
}

TEST_F(idempotency, asks_the_database_after_an_unknown_end) {
    keys.begin(scope, body, now);
    keys.settle(scope, ledger::outcome::unknown);
    EXPECT_EQ(keys.begin(scope, body, now), ledger::verdict::uncertain);
    EXPECT_EQ(keys.begin(scope, body, now), ledger::verdict::in_progress);
    keys.settle(scope, ledger::outcome::failed);
    EXPECT_EQ(keys.begin(scope, body, now), ledger::verdict::fresh);
}

TEST_F(idempotency, remembers_what_the_database_knew) {
    keys.remember(scope, body, now);
    EXPECT_EQ(keys.begin(scope, body, now), ledger::verdict::stored);
    keys.settle({9, 9}, ledger::outcome::stored);
    EXPECT_EQ(keys.size(), 1U);
}

TEST_F(idempotency, keeps_a_key_for_its_time) {
    keys.begin(scope, body, now);
    keys.settle(scope, ledger::outcome::stored);
    const instant last = now.plus_ms(limits::idempotency_kept_ms - 1);
    EXPECT_EQ(keys.begin(scope, body, last), ledger::verdict::stored);
    EXPECT_EQ(keys.begin(scope, body, last.plus_ms(1)), ledger::verdict::fresh);
}

TEST_F(idempotency, keeps_a_running_key_longer) {
    keys.begin(scope, body, now);
    const instant later = now.plus_ms(limits::idempotency_kept_ms);
    EXPECT_EQ(keys.begin(scope, body, later), ledger::verdict::in_progress);
    keys.settle(scope, ledger::outcome::stored);
    EXPECT_EQ(keys.begin(scope, body, later), ledger::verdict::fresh) << "its time was over";
}

TEST_F(idempotency, drops_the_oldest_when_it_is_full) {
    const std::uint64_t bound = limits::idempotency_entries_per_core;
    for (std::uint64_t i = 0; i <= bound; ++i) {
        keys.begin({i, 7}, body, now);
        keys.settle({i, 7}, ledger::outcome::stored);
    }
    EXPECT_EQ(keys.begin({bound, 7}, body, now), ledger::verdict::stored);
    EXPECT_LE(keys.size(), bound);
    EXPECT_EQ(keys.begin({1, 7}, body, now), ledger::verdict::stored);
    EXPECT_EQ(keys.begin({0, 7}, body, now), ledger::verdict::fresh);
}

TEST_F(idempotency, failed_keys_leave_nothing) {
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        keys.begin({i, 7}, body, now);
        keys.settle({i, 7}, ledger::outcome::failed);
    }
    EXPECT_EQ(keys.size(), 0U);
    EXPECT_LE(keys.remembered_ages(), limits::idempotency_dead_ages + 2);
}

}  // namespace idempotency_test
}  // namespace qtable::test
