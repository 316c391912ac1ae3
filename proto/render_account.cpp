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
    json.key("version").integer(value.version);
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

void write_membership(std::string& out, const staff_membership& value) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(value.restaurant);
    json.key("name").text(value.name);
    json.key("role").text(to_string(value.role));
    json.end_object();
}

void write_own_account(std::string& out, const staff_account& account,
                       std::span<const staff_membership> restaurants) {
    json_writer json(out);
    json.begin_object();
    write_staff(json.key("staff").begin_value(), account);
    json.key("restaurants").begin_array();
    for (const staff_membership& each : restaurants) write_membership(json.begin_value(), each);
    json.end_array();
    json.end_object();
}

void write_staff_line(std::string& out, const staff_account& account, staff_role role) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(account.id);
    json.key("email").text(account.email);
    json.key("full_name").text(account.full_name);
    json.key("role").text(to_string(role));
    json.key("status").text("active");
    json.key("expires_at").null();
    json.end_object();
}

void write_staff_line(std::string& out, const staff_invitation& invitation) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(invitation.id);
    json.key("email").text(invitation.email);
    json.key("full_name").null();
    json.key("role").text(to_string(invitation.role));
    json.key("status").text("invited");
    json.key("expires_at").utc(invitation.expires_at);
    json.end_object();
}

}  // namespace qtable::proto
