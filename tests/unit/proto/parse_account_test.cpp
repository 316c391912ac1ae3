// The bodies about accounts beyond registration and login: what they become, and what is refused where.
#include "proto/parse_account.hpp"

#include <gtest/gtest.h>

namespace qtable::proto {
namespace parse_account_test {

json_scratch scratch;  // as a core keeps one

template <class T>
std::string first_wrong(const parsed<T>& body) {
    if (body.has_value()) return "";
    return body.error().errors.empty() ? std::string(wire_code(body.error().code))
                                       : body.error().errors.front().pointer;
}

TEST(parse_account, a_patch_tells_absent_from_none) {
    const auto empty = parse_customer_patch("{}", scratch);
    ASSERT_TRUE(empty.has_value());
    EXPECT_FALSE(empty->first_name || empty->last_name || empty->phone || empty->password);
    EXPECT_EQ(parse_customer_patch(R"({"phone":null})", scratch)->phone, "");
    EXPECT_EQ(parse_customer_patch(R"({"phone":"+45 12 34"})", scratch)->phone, "+45 12 34");
    EXPECT_EQ(parse_customer_patch(R"({"first_name":"Zoë"})", scratch)->first_name, "Zoë");
    EXPECT_EQ(first_wrong(parse_customer_patch(R"({"first_name":null})", scratch)), "/first_name");
    EXPECT_EQ(first_wrong(parse_customer_patch(R"({"last_name":" "})", scratch)), "/last_name");
    EXPECT_EQ(first_wrong(parse_customer_patch(R"({"email":"a@b.example"})", scratch)), "/email");
}

TEST(parse_account, a_new_password_comes_with_the_old_one) {
    const auto both =
        parse_customer_patch(R"({"password":"a long enough one","current_password":"x"})", scratch);
    ASSERT_TRUE(both.has_value());
    EXPECT_EQ(both->password, "a long enough one");
    EXPECT_EQ(both->current_password, "x");
    EXPECT_EQ(first_wrong(parse_customer_patch(R"({"password":"a long enough one"})", scratch)),
              "/current_password");
    EXPECT_EQ(first_wrong(parse_customer_patch(R"({"current_password":"x"})", scratch)), "/current_password");
    EXPECT_EQ(first_wrong(parse_customer_patch(R"({"password":"short","current_password":"x"})", scratch)),
              "/password");
}

TEST(parse_account, roles_are_words) {
    const auto added = parse_staff_addition(R"({"email":"a@b.example","role":"manager"})", scratch);
    ASSERT_TRUE(added.has_value());
    EXPECT_EQ(added->role, staff_role::manager);
    EXPECT_EQ(first_wrong(parse_staff_addition(R"({"email":"a@b.example","role":"king"})", scratch)),
              "/role");
    EXPECT_EQ(first_wrong(parse_staff_addition(R"({"email":"a","role":"host"})", scratch)), "/email");
    EXPECT_EQ(parse_role_change(R"({"role":"owner"})", scratch)->role, staff_role::owner);
    EXPECT_EQ(first_wrong(parse_role_change("{}", scratch)), "/role");
}

TEST(parse_account, tokens) {
    EXPECT_EQ(parse_refresh(R"({"refresh_token":"r"})", scratch)->refresh_token, "r");
    EXPECT_EQ(first_wrong(parse_refresh(R"({"refresh_token":""})", scratch)), "/refresh_token");
    EXPECT_EQ(first_wrong(parse_refresh("{}", scratch)), "/refresh_token");
    EXPECT_FALSE(parse_logout("{}", scratch)->refresh_token.has_value());
    EXPECT_FALSE(parse_logout(R"({"refresh_token":null})", scratch)->refresh_token.has_value());
    EXPECT_EQ(parse_logout(R"({"refresh_token":"r"})", scratch)->refresh_token, "r");
    const auto reset = parse_password_reset(R"({"token":"t","password":"a long enough one"})", scratch);
    ASSERT_TRUE(reset.has_value());
    EXPECT_EQ(reset->token, "t");
    EXPECT_EQ(first_wrong(parse_password_reset(R"({"token":"t","password":"x"})", scratch)), "/password");
    // What is no address has no account: it is no error that would tell.
    EXPECT_EQ(parse_email_request(R"({"email":"nobody"})", scratch)->email, "nobody");
    EXPECT_EQ(first_wrong(parse_email_request("{}", scratch)), "/email");
    EXPECT_EQ(first_wrong(parse_password_confirmation("{}", scratch)), "/password");
    const std::string staff = R"({"email":"a@b.example","password":"a long enough one","full_name":"A")";
    EXPECT_EQ(parse_staff_registration(staff + "}", scratch)->invitation_token, "");
    EXPECT_EQ(parse_staff_registration(staff + R"(,"invitation_token":"i"})", scratch)->invitation_token,
              "i");
}

}  // namespace parse_account_test
}  // namespace qtable::proto
