#include "net/io/byte_buffer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qtable::net {
namespace byte_buffer_test {

TEST(byte_buffer, grows_and_gives_back) {
    byte_buffer buffer;
    EXPECT_EQ(buffer.data(), nullptr);
    std::string expected;
    for (int i = 0; i < 1000; ++i) {
        buffer.append("piece", 5);
        expected += "piece";
    }
    EXPECT_EQ(buffer.view(), expected);
    buffer.erase_front(7);
    EXPECT_EQ(buffer.view(), expected.substr(7));
    buffer.truncate(3);
    EXPECT_EQ(buffer.view(), expected.substr(7, 3));
    buffer.release();
    EXPECT_TRUE(buffer.empty());
    EXPECT_EQ(buffer.data(), nullptr);
    buffer.append(nullptr, 0);
    EXPECT_EQ(buffer.data(), nullptr);
}

}  // namespace byte_buffer_test
}  // namespace qtable::net
