// What a node asks for when, to follow the others, and what it finds it has missed.
#include "core/engine/node_follower.hpp"

#include "tests/unit/core/engine/fixture.hpp"

namespace qtable::test {
namespace {

using steps = node_follower::steps;

std::vector<log_position> portion_of(unsigned first, unsigned count) {
    std::vector<log_position> made;
    for (unsigned i = 0; i < count; ++i) made.push_back({make_id<restaurant_id>(first + i), 1, false});
    return made;
}

class node_follows : public testing::Test {
  protected:
    // The steps of so many seconds.
    std::vector<steps> seconds(std::uint64_t count) {
        std::vector<steps> all;
        for (std::uint64_t i = 0; i < count; ++i) {
            now_ms += node_follower::tick_ms;
            all.push_back(one.on_tick(now_ms));
        }
        return all;
    }

    std::int64_t now_ms = 1'000'000;
    node_follower one{"node1", 2};
};

TEST_F(node_follows, says_every_two_seconds_that_it_is_there) {
    const auto all = seconds(4);
    EXPECT_FALSE(all[0].says_here);
    EXPECT_TRUE(all[1].says_here);
    EXPECT_FALSE(all[2].says_here);
    EXPECT_TRUE(all[3].says_here);
}

TEST_F(node_follows, alone_it_looks_every_ten_seconds) {
    const auto all = seconds(node_follower::ticks_alone);
    for (std::size_t i = 0; i + 1 < all.size(); ++i) EXPECT_FALSE(all[i].sweeps_after) << i;
    EXPECT_EQ(all.back().sweeps_after, restaurant_id{});
    EXPECT_FALSE(all.back().reads_ended);
}

TEST_F(node_follows, with_others_it_looks_every_second) {
    EXPECT_TRUE(one.on_heard_of("node2", now_ms).sweeps_after);
    one.on_swept(portion_of(1, 1));
    const auto all = seconds(2);
    EXPECT_TRUE(all[0].sweeps_after);
    EXPECT_FALSE(all[1].sweeps_after) << "the first is not answered yet";
    EXPECT_TRUE(all[1].reads_ended);
}

TEST_F(node_follows, who_is_new_is_greeted_and_swept_for_once) {
    const steps first = one.on_heard_of("node2", now_ms);
    EXPECT_TRUE(first.says_here);
    EXPECT_EQ(first.sweeps_after, restaurant_id{});
    const steps again = one.on_heard_of("node2", now_ms);
    EXPECT_FALSE(again.says_here);
    EXPECT_FALSE(again.sweeps_after);
}

TEST_F(node_follows, itself_is_nobody) {
    one.on_heard_of("node1", now_ms);
    EXPECT_FALSE(one.has_peers());
    EXPECT_TRUE(one.is_ours("node1-0"));
    EXPECT_FALSE(one.is_ours("node1"));
    EXPECT_FALSE(one.is_ours("node10-0"));
    EXPECT_FALSE(one.is_ours("node2-0"));
}

TEST_F(node_follows, who_is_silent_for_a_minute_is_forgotten) {
    one.on_heard_of("node2", now_ms);
    seconds(59);
    EXPECT_TRUE(one.has_peers());
    seconds(1);
    EXPECT_FALSE(one.has_peers());
    EXPECT_TRUE(one.had_peers()) << "what it stored stays";
}

TEST_F(node_follows, nobody_may_have_been_there_until_it_has_listened) {
    EXPECT_TRUE(one.had_peers());
    seconds(node_follower::ticks_to_know - 1);
    EXPECT_TRUE(one.had_peers());
    seconds(1);
    EXPECT_FALSE(one.had_peers());
}

TEST_F(node_follows, a_whole_sweep_goes_on_to_its_end) {
    EXPECT_EQ(one.sweep_all(), restaurant_id{});
    EXPECT_EQ(one.on_swept(portion_of(1, 2)), make_id<restaurant_id>(2));
    EXPECT_EQ(one.on_swept(portion_of(3, 2)), make_id<restaurant_id>(4));
    EXPECT_EQ(one.on_swept(portion_of(5, 1)), std::nullopt);
}

TEST_F(node_follows, one_that_is_wanted_meanwhile_begins_anew) {
    one.sweep_all();
    one.on_swept(portion_of(1, 2));
    EXPECT_EQ(one.sweep_all(), std::nullopt);
    EXPECT_EQ(one.on_swept(portion_of(3, 2)), restaurant_id{});
    EXPECT_EQ(one.on_swept(portion_of(1, 2)), make_id<restaurant_id>(2));
}

TEST_F(node_follows, one_that_the_database_did_not_answer_goes_on_with_the_next_second) {
    one.on_heard_of("node2", now_ms);
    one.on_swept(portion_of(1, 2));
    EXPECT_EQ(one.on_swept(std::nullopt), std::nullopt);
    EXPECT_EQ(seconds(1)[0].sweeps_after, make_id<restaurant_id>(2));
    EXPECT_EQ(one.on_swept(portion_of(3, 2)), make_id<restaurant_id>(4));
}

class node_is_behind : public engine_fixture {
  protected:
    bool is_behind(std::int64_t seq, bool is_deleted = false) {
        const log_position stored{here, seq, is_deleted};
        return !behind(owner, std::span(&stored, 1), ahead).empty();
    }
    positions_ahead ahead;
};

TEST_F(node_is_behind, by_the_rows_that_it_has_not_read) {
    EXPECT_FALSE(is_behind(0));
    EXPECT_TRUE(is_behind(1));
}

TEST_F(node_is_behind, not_by_what_it_is_committing) {
    submit(booking(1));
    EXPECT_FALSE(is_behind(2));
    log.commit();
    EXPECT_FALSE(is_behind(2));
    EXPECT_TRUE(is_behind(3));
}

TEST_F(node_is_behind, while_it_reads_not_and_again_when_that_failed) {
    ring();
    EXPECT_FALSE(is_behind(1));
    log.fail_load();
    EXPECT_TRUE(is_behind(0));
}

TEST_F(node_is_behind, with_a_restaurant_that_it_does_not_know) {
    const log_position alive{make_id<restaurant_id>(9), 0, false}, gone{make_id<restaurant_id>(9), 0, true};
    EXPECT_EQ(behind(owner, std::span(&alive, 1), ahead).size(), 1U);
    EXPECT_TRUE(behind(owner, std::span(&gone, 1), ahead).empty());
}

// Its log is still there, and memory keeps none.
TEST_F(node_is_behind, not_with_one_that_it_knows_is_gone) {
    tables.at(here).is_deleted = true;
    EXPECT_TRUE(is_behind(1, true));
    ring();
    log.finish_load();
    EXPECT_FALSE(is_behind(1, true));
}

}  // namespace
}  // namespace qtable::test
