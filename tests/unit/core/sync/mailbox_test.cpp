#include "core/sync/mailbox.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace qtable {
namespace mailbox_test {

struct numbered : mailbox_node {
    int value = 0;
};

std::vector<int> values_of(mailbox_node* node) {
    std::vector<int> values;
    for (; node != nullptr; node = node->next) values.push_back(static_cast<numbered*>(node)->value);
    return values;
}

TEST(mailbox, asks_for_one_wake_up_per_burst) {
    mailbox box;
    std::array<numbered, 4> nodes;
    for (int i = 0; i < 4; ++i) nodes[static_cast<std::size_t>(i)].value = i;
    EXPECT_TRUE(box.push(&nodes[0]));
    EXPECT_FALSE(box.push(&nodes[1]));
    EXPECT_EQ(values_of(box.take_all()), (std::vector{0, 1}));
    EXPECT_FALSE(box.push(&nodes[2])) << "the consumer is awake";
    EXPECT_FALSE(box.try_sleep()) << "there is something to take";
    EXPECT_EQ(values_of(box.take_all()), std::vector{2});
    EXPECT_TRUE(box.try_sleep());
    EXPECT_TRUE(box.try_sleep());
    EXPECT_TRUE(box.push(&nodes[3]));
    EXPECT_EQ(values_of(box.take_all()), std::vector{3});
}

TEST(mailbox, is_empty_at_first) {
    mailbox box;
    EXPECT_EQ(box.take_all(), nullptr);
    EXPECT_TRUE(box.try_sleep());
}

// Each producer's messages arrive complete and in order, and nothing is left behind a missed wake-up.
TEST(mailbox, keeps_each_producers_order_under_load) {
    constexpr int producers = 3, messages = 20'000;
    struct tagged : mailbox_node {
        int producer = 0, value = 0;
    };
    mailbox box;
    std::atomic<int> wake_ups{0};
    std::vector<std::unique_ptr<tagged[]>> nodes;
    for (int p = 0; p < producers; ++p) nodes.push_back(std::make_unique<tagged[]>(messages));
    std::vector<std::thread> threads;
    for (int p = 0; p < producers; ++p) {
        threads.emplace_back([&, p] {
            for (int i = 0; i < messages; ++i) {
                tagged& node = nodes[static_cast<std::size_t>(p)][static_cast<std::size_t>(i)];
                node.producer = p;
                node.value = i;
                if (box.push(&node)) {
                    wake_ups.fetch_add(1);
                    wake_ups.notify_one();
                }
            }
        });
    }
    std::array<int, producers> expected{};
    int seen_wake_ups = 0;
    for (int received = 0; received < producers * messages;) {
        wake_ups.wait(seen_wake_ups);
        seen_wake_ups = wake_ups.load();
        do {
            for (mailbox_node* node = box.take_all(); node != nullptr;) {
                const tagged& got = *static_cast<tagged*>(node);
                node = node->next;
                ASSERT_EQ(got.value, expected[static_cast<std::size_t>(got.producer)]++);
                ++received;
            }
        } while (!box.try_sleep());
    }
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(box.take_all(), nullptr);
}

}  // namespace mailbox_test
}  // namespace qtable
