#include "net/rt/session_table.hpp"

#include <gtest/gtest.h>

namespace qtable::net {
namespace session_table_test {

TEST(session_table, finds_by_id_and_never_again_after_removal) {
    session_table<int> table;
    int one = 1, two = 2, three = 3;
    const std::uint64_t first = table.add(&one);
    const std::uint64_t second = table.add(&two);
    EXPECT_NE(first, 0u);
    EXPECT_EQ(table.find(first), &one);
    EXPECT_EQ(table.find(second), &two);
    table.remove(first);
    EXPECT_EQ(table.find(first), nullptr);
    const std::uint64_t third = table.add(&three);
    EXPECT_NE(third, first) << "the slot is used again, the id isn't";
    EXPECT_EQ(table.find(third), &three);
    EXPECT_EQ(table.find(first), nullptr);
    table.remove(first);
    EXPECT_EQ(table.size(), 2u);
    EXPECT_EQ(table.find(0), nullptr);
    EXPECT_EQ(table.find(~std::uint64_t{0}), nullptr);
}

TEST(session_table, may_be_emptied_while_it_is_walked) {
    session_table<std::uint64_t> table;
    std::uint64_t ids[5];
    for (std::uint64_t& id : ids) id = table.add(&id);
    int visited = 0;
    table.for_each([&](std::uint64_t& id) {
        ++visited;
        table.remove(id);
    });
    EXPECT_EQ(visited, 5);
    EXPECT_EQ(table.size(), 0u);
}

}  // namespace session_table_test
}  // namespace qtable::net
