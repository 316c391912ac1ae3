#include "proto/render_account.hpp"

#include "proto/json_writer.hpp"

namespace qtable::proto {

namespace {

template <class Write, class Account>
void write_login_with(std::string& out, const token_view& tokens, std::string_view name, Write write,
                      const Account& account) {
    json_writer json(out);
    json.begin_object();
    json.key("access_token").text(tokens.access_token);
    json.key("token_type").text("Bearer");
    json.key("expires_in").integer(tokens.expires_in_s);
    json.key("refresh_token").text(tokens.refresh_token);
    write(json.key(name).begin_value(), account);
    json.end_object();
}

}  // namespace

void write_customer(std::string& out, const customer_account& value) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(value.id);
    json.key("email").text(value.email);
    json.key("first_name").text(value.first_name);
    json.key("last_name").text(value.last_name);
    json.key("phone");
    value.phone.empty() ? json.null() : json.text(value.phone);
    json.key("email_verified").boolean(value.email_verified);
    json.key("created_at").utc(value.created_at);
    json.end_object();
}

void write_staff(std::string& out, const staff_account& value) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(value.id);
    json.key("email").text(value.email);
    json.key("full_name").text(value.full_name);
    json.key("created_at").utc(value.created_at);
    json.end_object();
}

void write_login(std::string& out, const token_view& tokens, const customer_account& customer) {
    write_login_with(out, tokens, "customer", write_customer, customer);
}

void write_login(std::string& out, const token_view& tokens, const staff_account& staff) {
    write_login_with(out, tokens, "staff", write_staff, staff);
}

}  // namespace qtable::proto
