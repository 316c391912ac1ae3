#include "net/auth/revoked_set.hpp"

#include <gtest/gtest.h>

namespace qtable::net {
namespace revoked_set_test {

uuid id(std::uint8_t last) {
    uuid made;
    made.bytes[15] = last;
    return made;
}

TEST(revoked_set, knows_sessions_and_accounts) {
    revoked_set set;
    EXPECT_FALSE(set.contains({}, id(1)));
    set.add(id(1), instant{100});
    EXPECT_TRUE(set.contains({}, id(1)));
    EXPECT_TRUE(set.contains(id(1), id(2)));
    EXPECT_FALSE(set.contains({}, id(2)));
    EXPECT_FALSE(set.contains(id(3), id(2)));
}

TEST(revoked_set, forgets_what_has_run_out) {
    revoked_set set;
    set.add(id(1), instant{100});
    set.add(id(2), instant{200});
    set.forget(instant{99});
    EXPECT_EQ(set.size(), 2U);
    set.forget(instant{100});
    EXPECT_FALSE(set.contains(id(1), {}));
    EXPECT_TRUE(set.contains(id(2), {}));
}

TEST(revoked_set, keeps_what_was_added_again_for_longer) {
    revoked_set set;
    set.add(id(1), instant{100});
    set.add(id(1), instant{200});
    set.add(id(1), instant{150});
    set.forget(instant{100});
    EXPECT_TRUE(set.contains(id(1), {}));
    set.forget(instant{200});
    EXPECT_FALSE(set.contains(id(1), {}));
    EXPECT_EQ(set.size(), 0U);
}

TEST(revoked_set, takes_back) {
    revoked_set set;
    set.add(id(1), instant{100});
    set.remove(id(1));
    EXPECT_FALSE(set.contains(id(1), id(1)));
    set.forget(instant{100});
    EXPECT_EQ(set.size(), 0U);
}

}  // namespace revoked_set_test
}  // namespace qtable::net
