#include "net/limit/shared_counts.hpp"

#include <gtest/gtest.h>

#include "core/base/limits.hpp"
#include "net/limit/heavy_askers.hpp"
#include "net/limit/rate_limits.hpp"

namespace qtable::net {
namespace shared_counts_test {

using attempt = shared_counts::attempt;

uuid account_of(std::uint8_t number) {
    uuid made;
    made.bytes[0] = number;
    made.bytes[15] = 7;
    return made;
}

TEST(shared_counts, are_read_as_they_were_written) {
    shared_counts what;
    what.accounts = {{account_of(1), 12}, {account_of(2), 4'000'000'000U}};
    what.attempts = {{attempt::failed, "abc-_9"}, {attempt::from_address, "Z"}, {attempt::succeeded, "q"}};
    const auto payloads = format_counts("node-5", what);
    ASSERT_EQ(payloads.size(), 1u);
    const auto told = parse_counts(payloads.front());
    ASSERT_TRUE(told);
    EXPECT_EQ(told->node, "node-5");
    EXPECT_EQ(told->what.accounts, what.accounts);
    EXPECT_EQ(told->what.attempts, what.attempts);
}

TEST(shared_counts, nothing_is_told_of_nothing) {
    EXPECT_TRUE(format_counts("node-5", {}).empty());
}

TEST(shared_counts, what_is_too_long_for_one_goes_in_several) {
    shared_counts what;
    for (int i = 0; i < 500; ++i) what.accounts.push_back({account_of(static_cast<std::uint8_t>(i)), 1});
    std::size_t found = 0;
    for (const std::string& each : format_counts("node-5", what)) {
        EXPECT_LE(each.size(), limits::notify_payload_bytes);
        const auto told = parse_counts(each);
        ASSERT_TRUE(told);
        found += told->what.accounts.size();
    }
    EXPECT_EQ(found, 500u);
}

TEST(shared_counts, what_is_of_another_form_is_none) {
    for (const char* wrong :
         {"", " r=1", "n r=1:2", "n x=abc", "n f=", "n f=a%20b", "n  f=a", "n f", "n f=a ",
          "n r=00000000-0000-0000-0000-000000000001:", "n r=00000000-0000-0000-0000-000000000001:-1",
          "n r=00000000-0000-0000-0000-000000000001:5000000000"})
        EXPECT_FALSE(parse_counts(wrong)) << wrong;
}

TEST(heavy_askers, tells_who_asked_much_and_lets_the_others_count_on) {
    heavy_askers counted;
    for (int i = 0; i < 10; ++i) counted.asked(account_of(1));
    counted.asked(account_of(2));
    std::vector<shared_counts::account_requests> told;
    const auto keep = [&told](const uuid& account, std::uint32_t count) { told.push_back({account, count}); };
    counted.take(2, keep);
    EXPECT_EQ(told, (std::vector<shared_counts::account_requests>{{account_of(1), 10}}));
    told.clear();
    counted.asked(account_of(2));
    counted.take(2, keep);
    EXPECT_EQ(told, (std::vector<shared_counts::account_requests>{{account_of(2), 2}}));
}

TEST(rate_table, what_others_counted_is_taken_off) {
    rate_table quota(60, 5);
    quota.charge("ada", 58, 1'000);
    EXPECT_EQ(quota.take("ada", 1'000).left, 1);
    quota.charge("ada", 4'000'000'000U, 1'000);
    const rate_verdict refused = quota.take("ada", 1'000);
    EXPECT_FALSE(refused.is_allowed);
    EXPECT_LE(refused.wait_ms, 1'001) << "no more than one whole quota";
    EXPECT_TRUE(quota.take("bob", 1'000).is_allowed);
}

}  // namespace shared_counts_test
}  // namespace qtable::net
