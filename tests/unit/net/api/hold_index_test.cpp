#include "net/api/hold_index.hpp"

#include <gtest/gtest.h>

namespace qtable::net {
namespace hold_index_test {

template <class Id>
Id made(std::uint8_t number) {
    uuid value;
    value.bytes[15] = number;
    return Id(value);
}

constexpr instant start{1'000'000};

TEST(hold_index, knows_where_a_customers_holds_are) {
    hold_index index;
    const auto ada = made<customer_id>(1), bo = made<customer_id>(2);
    index.put(ada, made<hold_id>(1), made<restaurant_id>(1), start);
    index.put(ada, made<hold_id>(2), made<restaurant_id>(2), start.plus_ms(1));
    index.put(bo, made<hold_id>(3), made<restaurant_id>(1), start.plus_ms(2));
    const auto places = index.of(ada, start.plus_ms(3));
    ASSERT_EQ(places.size(), 2U);
    EXPECT_EQ(places[0].hold, made<hold_id>(1));
    EXPECT_EQ(places[1].hold, made<hold_id>(2));
    EXPECT_EQ(places[1].restaurant, made<restaurant_id>(2));
    EXPECT_EQ(index.of(bo, start).size(), 1U);
    EXPECT_TRUE(index.of(made<customer_id>(9), start).empty());
}

TEST(hold_index, the_same_hold_stands_once) {
    hold_index index;
    const auto ada = made<customer_id>(1);
    index.put(ada, made<hold_id>(1), made<restaurant_id>(1), start);
    index.put(ada, made<hold_id>(1), made<restaurant_id>(1), start.plus_ms(10));
    EXPECT_EQ(index.of(ada, start.plus_ms(20)).size(), 1U);
    EXPECT_EQ(index.of(ada, start.plus_ms(hold_index::kept_ms)).size(), 1U) << "put anew later";
    EXPECT_TRUE(index.of(ada, start.plus_ms(hold_index::kept_ms + 10)).empty());
}

TEST(hold_index, forgets_in_time_and_leaves_nothing) {
    hold_index index;
    const auto ada = made<customer_id>(1);
    index.put(ada, made<hold_id>(1), made<restaurant_id>(1), start);
    index.put(ada, made<hold_id>(2), made<restaurant_id>(1), start.plus_ms(5));
    EXPECT_EQ(index.of(ada, start.plus_ms(hold_index::kept_ms - 1)).size(), 2U);
    EXPECT_EQ(index.of(ada, start.plus_ms(hold_index::kept_ms)).size(), 1U);
    index.put(made<customer_id>(2), made<hold_id>(3), made<restaurant_id>(1),
              start.plus_ms(hold_index::kept_ms + 5));
    EXPECT_EQ(index.size(), 1U);
    EXPECT_GT(hold_index::kept_ms, limits::hold_ms);
}

TEST(hold_index, is_bounded_for_each_customer) {
    hold_index index;
    const auto ada = made<customer_id>(1);
    for (std::size_t i = 0; i <= hold_index::places_per_customer; ++i)
        index.put(ada, made<hold_id>(static_cast<std::uint8_t>(i)), made<restaurant_id>(1), start);
    const auto places = index.of(ada, start);
    EXPECT_EQ(places.size(), hold_index::places_per_customer);
    EXPECT_EQ(places.front().hold, made<hold_id>(1)) << "the oldest went";
}

}  // namespace hold_index_test
}  // namespace qtable::net
