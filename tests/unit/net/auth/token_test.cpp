#include "net/auth/token.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "net/auth/random.hpp"

namespace qtable::net {
namespace token_test {

constexpr instant now{1'795'348'800'000};

class token_test : public testing::Test {
  protected:
    token_test() { start_crypto(); }
    token_service tokens_{std::string(32, 'k')};
    uuid ada_ = new_uuid(now);
    uuid login_ = new_uuid(now);
};

TEST_F(token_test, names_account_role_and_session) {
    const auto claims = tokens_.verify(tokens_.mint(token_role::staff, ada_, now, 60, login_), now);
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->role, token_role::staff);
    EXPECT_EQ(claims->subject, ada_);
    EXPECT_EQ(claims->session, login_);
    EXPECT_EQ(claims->expires_at, now.plus_ms(60'000));
}

TEST_F(token_test, of_an_operator_has_no_session) {
    const auto claims = tokens_.verify(tokens_.mint(token_role::customer, ada_, now, 60), now);
    ASSERT_TRUE(claims);
    EXPECT_TRUE(claims->session.is_nil());
}

TEST_F(token_test, is_valid_in_its_time_and_with_its_key_only) {
    const std::string token = tokens_.mint(token_role::customer, ada_, now, 60, login_);
    EXPECT_TRUE(tokens_.verify(token, now.plus_ms(59'999)));
    EXPECT_FALSE(tokens_.verify(token, now.plus_ms(60'000)));
    EXPECT_FALSE(tokens_.verify(token, now.plus_ms(-1)));
    token_service other(std::string(32, 'x'));
    EXPECT_FALSE(other.verify(token, now));
    EXPECT_FALSE(tokens_.verify(token + "A", now));
    EXPECT_FALSE(tokens_.verify("", now));
}

TEST_F(token_test, one_that_is_remembered_is_held_to_the_same_rules) {
    const std::string token = tokens_.mint(token_role::customer, ada_, now, 60, login_);
    for (int i = 0; i < 2; ++i) {
        const auto claims = tokens_.verify(token, now);
        ASSERT_TRUE(claims);
        EXPECT_EQ(claims->subject, ada_);
        EXPECT_EQ(claims->session, login_);
        EXPECT_FALSE(tokens_.verify(token, now.plus_ms(60'000)));
        EXPECT_FALSE(tokens_.verify(token, now.plus_ms(-1)));
        for (std::size_t at = 0; at < token.size(); ++at) {
            std::string other = token;
            other[at] = other[at] == 'A' ? 'B' : 'A';
            EXPECT_FALSE(tokens_.verify(other, now)) << at;
        }
        EXPECT_FALSE(tokens_.verify(std::string_view(token).substr(1), now));
    }
}

TEST_F(token_test, many_at_once_keep_their_own_claims) {
    std::vector<std::pair<uuid, std::string>> all;
    for (std::size_t i = 0; i < 3 * limits::remembered_tokens; ++i) {
        const uuid subject = new_uuid(now);
        all.emplace_back(subject, tokens_.mint(token_role::staff, subject, now, 60, login_));
    }
    for (int round = 0; round < 2; ++round)
        for (const auto& [subject, token] : all) ASSERT_EQ(tokens_.verify(token, now)->subject, subject);
}

}  // namespace token_test
}  // namespace qtable::net
