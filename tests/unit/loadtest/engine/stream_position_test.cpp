#include "loadtest/engine/stream_position.hpp"

#include <gtest/gtest.h>

namespace qtable::loadtest {
namespace stream_position_test {

using verdict = stream_position::verdict;

TEST(stream_position, follows_a_stream) {
    stream_position at;
    EXPECT_FALSE(at.can_resume());
    at.hello("e1", 7, false);
    EXPECT_TRUE(at.is_caught_up());
    EXPECT_EQ(at.event(8), verdict::live);
    EXPECT_EQ(at.event(9), verdict::live);
    EXPECT_EQ(at.resume_query(), "epoch=e1&since_seq=9");
}

TEST(stream_position, finds_holes_and_repeats) {
    stream_position at;
    at.hello("e1", 0, false);
    EXPECT_EQ(at.event(1), verdict::live);
    EXPECT_EQ(at.event(1), verdict::duplicate);
    EXPECT_EQ(at.event(3), verdict::hole);
    EXPECT_EQ(at.event(4), verdict::live);
    EXPECT_EQ(at.event(2), verdict::duplicate);
    EXPECT_EQ(at.event(5), verdict::live);
}

TEST(stream_position, takes_what_was_missed_after_a_resume) {
    stream_position at;
    at.hello("e1", 5, false);
    at.hello("e1", 7, true);
    EXPECT_FALSE(at.is_caught_up());
    EXPECT_EQ(at.event(6), verdict::replayed);
    EXPECT_EQ(at.event(7), verdict::replayed);
    EXPECT_TRUE(at.is_caught_up());
    EXPECT_EQ(at.event(8), verdict::live);
}

TEST(stream_position, misses_what_a_resume_left_out) {
    stream_position at;
    at.hello("e1", 5, false);
    at.hello("e1", 8, true);
    EXPECT_EQ(at.event(7), verdict::hole);
}

TEST(stream_position, a_resync_is_an_honest_word) {
    stream_position at;
    at.hello("e1", 5, false);
    at.hello("e2", 2, true);
    at.resync();
    EXPECT_TRUE(at.is_caught_up());
    EXPECT_EQ(at.event(3), verdict::live);
    at.resync();  // also in the middle of a stream
    EXPECT_EQ(at.event(9), verdict::live);
    EXPECT_EQ(at.event(11), verdict::hole);
}

TEST(stream_position, another_epoch_without_a_resync_is_a_hole) {
    stream_position at;
    at.hello("e1", 5, false);
    at.hello("e2", 5, true);
    EXPECT_EQ(at.event(6), verdict::hole);
    EXPECT_EQ(at.event(7), verdict::live);
}

}  // namespace stream_position_test
}  // namespace qtable::loadtest
