#include "core/event/event.hpp"

#include <gtest/gtest.h>

namespace qtable::test {
namespace event_test {

TEST(event_words, go_there_and_back) {
    for (int i = 0; i < static_cast<int>(event_type::count_); ++i) {
        const auto type = static_cast<event_type>(i);
        EXPECT_EQ(parse_event_type(to_string(type)), type);
    }
    EXPECT_EQ(to_string(event_type::availability_updated), "availability_updated");
    EXPECT_EQ(to_string(customer_event_type::reservation_cancelled), "reservation_cancelled");
    EXPECT_EQ(parse_event_type("nothing"), event_type::count_);
    EXPECT_EQ(parse_event_type(""), event_type::count_);
}

}  // namespace event_test
}  // namespace qtable::test
