#include "core/base/partition.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qtable {
namespace partition_test {

TEST(partition, is_what_its_text_says) {
    EXPECT_EQ(partition::parse("2/3"), (partition{2, 3}));
    EXPECT_EQ(partition::parse("1/1"), partition{});
    EXPECT_EQ(partition::parse("1024/1024"), (partition{1024, 1024}));
    for (const char* wrong : {"", "/", "1", "1/", "/2", "0/0", "0/2", "3/2", "abc", "1/2/3", "-1/2", "+1/2",
                              " 1/2", "1/2 ", "1.0/2", "0x1/2", "1/1025", "1/4294967297"})
        EXPECT_EQ(partition::parse(wrong), std::nullopt) << wrong;
}

// What proxies and other systems rely on; never to be changed.
TEST(partition, goes_by_the_last_eight_digits) {
    const auto id = *restaurant_id::parse("0197f3a0-1234-7abc-8def-0123ffffffff");
    EXPECT_EQ(partition::number_of(id), 0xffffffffU);
    EXPECT_TRUE((partition{1, 3}.holds(id)));  // 4294967295 % 3 = 0
    EXPECT_FALSE((partition{2, 3}.holds(id)));
    EXPECT_TRUE((partition{2, 2}.holds(id)));
    EXPECT_TRUE((partition{256, 1000}.holds(*restaurant_id::parse("ffffffff-ffff-7fff-bfff-ffff000000ff"))));
    EXPECT_TRUE(partition{}.holds(id));
}

TEST(partition, each_is_of_one_part) {
    for (std::uint32_t n = 1; n <= 7; ++n) {
        for (unsigned i = 0; i < 50; ++i) {
            std::string text = "0197f3a0-1234-7abc-8def-0000000000";
            text += "0123456789abcdef"[i / 16];
            text += "0123456789abcdef"[i % 16];
            const auto id = *restaurant_id::parse(text);
            int held = 0;
            for (std::uint32_t part = 1; part <= n; ++part) held += partition{part, n}.holds(id) ? 1 : 0;
            EXPECT_EQ(held, 1);
        }
    }
}

}  // namespace partition_test
}  // namespace qtable
