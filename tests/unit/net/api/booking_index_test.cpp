#include "net/api/booking_index.hpp"

#include <gtest/gtest.h>

#include "net/auth/random.hpp"

namespace qtable::net {
namespace booking_index_test {

constexpr instant now{1'000'000};
constexpr instant dinner{2'000'000};

class booking_index_test : public testing::Test {
  protected:
    reservation_id book(instant until = dinner) {
        const auto id = new_id<reservation_id>(now);
        index.put({ada, id, until, true});
        return id;
    }
    customer_id ada = new_id<customer_id>(now), ben = new_id<customer_id>(now);
    booking_index index;
};

TEST_F(booking_index_test, holds_the_cap) {
    book();
    EXPECT_TRUE(index.begin(ada, 2, now));
    EXPECT_FALSE(index.begin(ada, 2, now)) << "one is stored, one is being asked for";
    EXPECT_TRUE(index.begin(ben, 2, now));
    index.end(ada);
    EXPECT_TRUE(index.begin(ada, 2, now));
}

TEST_F(booking_index_test, counts_one_reservation_once) {
    const auto id = book();
    index.put({ada, id, dinner, true});
    EXPECT_TRUE(index.begin(ada, 2, now));
}

TEST_F(booking_index_test, what_is_cancelled_or_over_does_not_count) {
    const auto cancelled = book();
    book(instant{now.ms + 1});
    EXPECT_FALSE(index.begin(ada, 2, now));
    index.put({ada, cancelled, dinner, false});
    EXPECT_TRUE(index.begin(ada, 2, now));
    index.end(ada);
    EXPECT_TRUE(index.begin(ada, 1, instant{now.ms + 1}));
}

}  // namespace booking_index_test
}  // namespace qtable::net
