#include "core/event/event_log.hpp"

#include <gtest/gtest.h>

#include "core/base/limits.hpp"

namespace qtable::test {
namespace event_log_test {

class event_logs : public testing::Test {
  protected:
    logged_event add(bool is_public) {
        logged_event row;
        log.number(row, is_public);
        log.release(row);
        return row;
    }
    std::vector<std::int64_t> seqs_since(std::int64_t since, bool is_public) const {
        std::vector<std::int64_t> found;
        const auto rows = log.since(since, is_public);
        EXPECT_TRUE(rows.has_value());
        if (!rows) return found;
        for (const logged_event& row : *rows) found.push_back(is_public ? row.public_seq : row.seq);
        return found;
    }
    using seqs = std::vector<std::int64_t>;

    event_log log{7, 10, 4};
};

TEST_F(event_logs, numbers_from_where_the_database_is) {
    EXPECT_EQ(log.epoch(), 7U);
    const logged_event first = add(false), second = add(true);
    EXPECT_EQ(first.seq, 11);
    EXPECT_EQ(first.public_seq, 0);
    EXPECT_EQ(second.seq, 12);
    EXPECT_EQ(second.public_seq, 5);
    EXPECT_EQ(log.released_seq(), 12);
    EXPECT_EQ(log.released_public_seq(), 5);
}

TEST_F(event_logs, forgets_numbers_that_did_not_become_durable) {
    logged_event lost;
    log.number(lost, true);
    log.number(lost, true);
    EXPECT_EQ(lost.seq, 12);
    log.restart_numbering();
    EXPECT_EQ(add(true).seq, 11);
    EXPECT_EQ(log.released_public_seq(), 5);
}

TEST_F(event_logs, goes_on_after_rows_that_others_numbered) {
    logged_event row;
    row.seq = 11;
    row.public_seq = 5;
    log.release(row);
    EXPECT_EQ(add(true).seq, 12);
    EXPECT_EQ(log.released_public_seq(), 6);
}

TEST_F(event_logs, gives_what_came_after) {
    for (int i = 0; i < 4; ++i) add(i % 2 == 1);  // 11, 12 = 5, 13, 14 = 6
    EXPECT_EQ(seqs_since(10, false), (seqs{11, 12, 13, 14}));
    EXPECT_EQ(seqs_since(13, false), (seqs{14}));
    EXPECT_EQ(seqs_since(14, false), seqs{});
    EXPECT_EQ(seqs_since(99, false), seqs{});
    EXPECT_EQ(seqs_since(4, true), (seqs{5, 6}));
    EXPECT_EQ(seqs_since(5, true), (seqs{6}));
    EXPECT_EQ(seqs_since(6, true), seqs{});
}

TEST_F(event_logs, says_when_it_does_not_reach_back) {
    EXPECT_EQ(log.since(9, false), std::nullopt);
    EXPECT_EQ(seqs_since(10, false), seqs{});
    add(false);
    EXPECT_EQ(log.since(9, false), std::nullopt);
    EXPECT_EQ(log.since(0, false), std::nullopt);
    EXPECT_EQ(log.since(-1, false), std::nullopt);
    EXPECT_EQ(log.since(3, true), std::nullopt) << "no public row is here";
    EXPECT_EQ(log.since(-1, true), std::nullopt);
}

TEST_F(event_logs, keeps_the_newest) {
    const auto bound = static_cast<std::int64_t>(limits::events_in_memory_per_restaurant);
    for (std::int64_t i = 0; i < bound + 1; ++i) add(true);
    EXPECT_EQ(log.since(10, false), std::nullopt);
    EXPECT_EQ(seqs_since(11, false).size(), static_cast<std::size_t>(bound));
    EXPECT_EQ(log.since(4, true), std::nullopt);
    EXPECT_EQ(seqs_since(5, true).size(), static_cast<std::size_t>(bound));
}

TEST_F(event_logs, public_rows_reach_as_far_as_they_are_kept) {
    add(true);  // 5
    for (std::size_t i = 1; i < limits::events_in_memory_per_restaurant; ++i) add(false);
    EXPECT_EQ(seqs_since(4, true), (seqs{5}));
    add(false);
    EXPECT_EQ(log.since(4, true), std::nullopt);
    EXPECT_EQ(seqs_since(5, true), seqs{});
}

}  // namespace event_log_test
}  // namespace qtable::test
