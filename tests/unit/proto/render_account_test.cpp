// Accounts, tokens and what is held of a customer, to the letter of the contract.
#include "proto/render_account.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "proto/render_export.hpp"

namespace qtable::proto {
namespace render_account_test {

template <class Id>
Id make_id(char last) {
    return *Id::parse("0190a5c0-0000-7000-8000-00000000000" + std::string(1, last));
}

TEST(render_account, accounts_without_their_secrets) {
    customer_account c;
    c.id = make_id<customer_id>('3');
    c.email = "zoe@example.com";
    c.password_hash = "secret";
    c.first_name = "Zoë";
    c.last_name = "Ø";
    const std::string customer_text =
        R"({"id":"0190a5c0-0000-7000-8000-000000000003","email":"zoe@example.com","first_name":"Zoë","last_name":"Ø",)"
        R"("phone":null,"email_verified":false,"created_at":"1970-01-01T00:00:00.000Z","version":1})";
    std::string out;
    write_customer(out, c);
    EXPECT_EQ(out, customer_text);
    out.clear();
    write_login(out, {"a.b.c", 3600, "r"}, c);
    EXPECT_EQ(
        out,
        R"({"access_token":"a.b.c","token_type":"Bearer","expires_in":3600,"refresh_token":"r","customer":)" +
            customer_text + "}");
    staff_account s;
    s.id = make_id<staff_id>('8');
    s.email = "o@example.com";
    s.full_name = "Owner";
    out.clear();
    write_login(out, {"a", 1, "r"}, s);
    EXPECT_EQ(out,
              R"({"access_token":"a","token_type":"Bearer","expires_in":1,"refresh_token":"r","staff":)"
              R"({"id":"0190a5c0-0000-7000-8000-000000000008","email":"o@example.com","full_name":"Owner",)"
              R"("created_at":"1970-01-01T00:00:00.000Z"}})");
}

TEST(render_account, who_works_where) {
    staff_account s;
    s.id = make_id<staff_id>('8');
    s.email = "o@example.com";
    s.full_name = "Owner";
    std::string out;
    write_staff_line(out, s, staff_role::manager);
    EXPECT_EQ(out,
              R"({"id":"0190a5c0-0000-7000-8000-000000000008","email":"o@example.com","full_name":"Owner",)"
              R"("role":"manager","status":"active","expires_at":null})");
    staff_invitation invited;
    invited.id = s.id;
    invited.email = "n@example.com";
    out.clear();
    write_staff_line(out, invited);
    EXPECT_EQ(out, R"({"id":"0190a5c0-0000-7000-8000-000000000008","email":"n@example.com","full_name":null,)"
                   R"("role":"host","status":"invited","expires_at":"1970-01-01T00:00:00.000Z"})");
    out.clear();
    const staff_membership at{make_id<restaurant_id>('2'), "Anker", staff_role::owner};
    write_own_account(out, s, {&at, 1});
    EXPECT_TRUE(out.ends_with(R"("restaurants":[{"id":"0190a5c0-0000-7000-8000-000000000002","name":"Anker",)"
                              R"("role":"owner"}]})"))
        << out;
}

TEST(render_account, an_export_holds_everything) {
    customer_account c;
    customer_holdings held;
    held.sessions.push_back({});
    held.guests.push_back({});
    held.reviews.push_back({});
    held.reviews[0].rating = 4;
    const std::vector<listed_reservation> reservations(1);
    std::string out;
    write_export(out, {instant{0}, c, reservations, held, false},
                 [](std::string_view) { return std::shared_ptr<const zone>(); });
    EXPECT_TRUE(
        out.starts_with(R"({"exported_at":"1970-01-01T00:00:00.000Z","is_complete":false,"account":{"id":)"))
        << out;
    EXPECT_NE(out.find(R"("sessions":[{"created_at":)"), std::string::npos);
    EXPECT_NE(out.find(R"("ended_at":null}],"reservations":[{"id":)"), std::string::npos);
    EXPECT_NE(out.find(R"("guests":[{"id":)"), std::string::npos);
    EXPECT_NE(out.find(R"("rating":4,"text":null,)"), std::string::npos);
}

}  // namespace render_account_test
}  // namespace qtable::proto
