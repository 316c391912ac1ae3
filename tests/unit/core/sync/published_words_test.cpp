#include "core/sync/published_words.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

namespace qtable {
namespace published_words_test {

TEST(published_words, reads_what_was_written) {
    published_words block(4);
    EXPECT_EQ(block.size(), 4u);
    block.write(std::array<std::uint64_t, 4>{1, 2, 3, 4});
    block.write(std::array<std::uint64_t, 2>{20, 30}, 1);
    std::array<std::uint64_t, 4> all{};
    block.read(all);
    EXPECT_EQ(all, (std::array<std::uint64_t, 4>{1, 20, 30, 4}));
    std::array<std::uint64_t, 2> last{};
    EXPECT_TRUE(block.try_read(last, 2));
    EXPECT_EQ(last, (std::array<std::uint64_t, 2>{30, 4}));
    EXPECT_EQ(block.word(1), 20u);
}

// The writer keeps all words equal; a reader that ever sees two different ones has read a torn block.
TEST(published_words, is_never_torn) {
    constexpr std::uint64_t rounds = 100'000;
    published_words block(8);
    std::atomic<bool> done{false};
    std::thread writer([&] {
        std::array<std::uint64_t, 8> words;
        for (std::uint64_t i = 1; i <= rounds; ++i) {
            words.fill(i);
            block.write(words);
        }
        done = true;
    });
    std::uint64_t last = 0;
    bool is_last_round = false;
    do {
        is_last_round = done;
        std::array<std::uint64_t, 8> words{};
        block.read(words);
        for (const std::uint64_t each : words) ASSERT_EQ(each, words[0]);
        ASSERT_GE(words[0], last);
        last = words[0];
    } while (!is_last_round);
    writer.join();
    EXPECT_EQ(last, rounds);
}

}  // namespace published_words_test
}  // namespace qtable
