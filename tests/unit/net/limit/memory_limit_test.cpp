#include "net/limit/memory_limit.hpp"

#include <gtest/gtest.h>

namespace qtable::net {
namespace memory_limit_test {

TEST(memory_limit, without_one_there_is_always_enough) {
    memory_limit none(0);
    EXPECT_FALSE(none.measured(std::uint64_t{1} << 50));
    EXPECT_FALSE(none.is_short());
}

TEST(memory_limit, is_crossed_once_and_left_a_twentieth_below) {
    memory_limit limit(1000);
    EXPECT_FALSE(limit.measured(1000));
    EXPECT_TRUE(limit.measured(1001));
    EXPECT_TRUE(limit.is_short());
    EXPECT_FALSE(limit.measured(960)) << "not yet";
    EXPECT_TRUE(limit.is_short());
    EXPECT_TRUE(limit.measured(950));
    EXPECT_FALSE(limit.is_short());
}

}  // namespace memory_limit_test
}  // namespace qtable::net
