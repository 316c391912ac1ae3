#include "proto/parse_account.hpp"

#include "core/base/limits.hpp"
#include "proto/body.hpp"
#include "proto/field_rules.hpp"

namespace qtable::proto {

namespace {

constexpr text_rule email_rule = {3, limits::email_chars, is_email, "must be an e-mail address"};
constexpr text_rule password_rule = {limits::password_chars_min, limits::password_chars};
constexpr text_rule token_rule = {1, limits::token_chars};

void read_role(object_reader& in, staff_role& to) {
    const auto word = in.text("role", {1, 16});
    if (!word) return;
    if (const auto role = parse_staff_role(*word)) {
        to = *role;
    } else {
        in.error("role", "must be host, manager or owner");
    }
}

std::optional<std::string> text_if_given(const field<std::string_view>& from) {
    return from ? std::optional<std::string>(*from) : std::nullopt;
}

}  // namespace

parsed<customer_registration> parse_customer_registration(std::string_view body, json_scratch& scratch) {
    return parse_body<customer_registration>(body, scratch, [](object_reader& in, customer_registration& to) {
        set(to.email, in.text("email", email_rule));
        set(to.password, in.text("password", password_rule));
        set(to.first_name, in.text("first_name", name_rule));
        set(to.last_name, in.text("last_name", name_rule));
        set(to.phone, in.text("phone", phone_rule, presence::nullable));
    });
}

parsed<staff_registration> parse_staff_registration(std::string_view body, json_scratch& scratch) {
    return parse_body<staff_registration>(body, scratch, [](object_reader& in, staff_registration& to) {
        set(to.email, in.text("email", email_rule));
        set(to.password, in.text("password", password_rule));
        set(to.full_name, in.text("full_name", name_rule));
        set(to.invitation_token, in.text("invitation_token", token_rule, presence::nullable));
    });
}

parsed<credentials> parse_credentials(std::string_view body, json_scratch& scratch) {
    return parse_body<credentials>(body, scratch, [](object_reader& in, credentials& to) {
        set(to.email, in.text("email", {0, limits::email_chars}));
        set(to.password, in.text("password", {0, limits::password_chars}));
    });
}

parsed<email_verification> parse_email_verification(std::string_view body, json_scratch& scratch) {
    return parse_body<email_verification>(body, scratch, [](object_reader& in, email_verification& to) {
        set(to.token, in.text("token", token_rule));
    });
}

parsed<refresh_request> parse_refresh(std::string_view body, json_scratch& scratch) {
    return parse_body<refresh_request>(body, scratch, [](object_reader& in, refresh_request& to) {
        set(to.refresh_token, in.text("refresh_token", token_rule));
    });
}

parsed<logout_request> parse_logout(std::string_view body, json_scratch& scratch) {
    return parse_body<logout_request>(body, scratch, [](object_reader& in, logout_request& to) {
        to.refresh_token = text_if_given(in.text("refresh_token", token_rule, presence::nullable));
    });
}

parsed<email_request> parse_email_request(std::string_view body, json_scratch& scratch) {
    return parse_body<email_request>(body, scratch, [](object_reader& in, email_request& to) {
        set(to.email, in.text("email", {0, limits::email_chars}));
    });
}

parsed<password_reset_request> parse_password_reset(std::string_view body, json_scratch& scratch) {
    return parse_body<password_reset_request>(body, scratch,
                                              [](object_reader& in, password_reset_request& to) {
                                                  set(to.token, in.text("token", token_rule));
                                                  set(to.password, in.text("password", password_rule));
                                              });
}

parsed<customer_patch> parse_customer_patch(std::string_view body, json_scratch& scratch) {
    return parse_body<customer_patch>(body, scratch, [](object_reader& in, customer_patch& to) {
        to.first_name = text_if_given(in.text("first_name", name_rule, presence::optional));
        to.last_name = text_if_given(in.text("last_name", name_rule, presence::optional));
        const auto phone = in.text("phone", phone_rule, presence::nullable);
        to.phone = phone.is_null() ? std::optional<std::string>("") : text_if_given(phone);
        to.password = text_if_given(in.text("password", password_rule, presence::optional));
        const bool is_needed = in.has("password");
        set(to.current_password, in.text("current_password", {0, limits::password_chars},
                                         is_needed ? presence::required : presence::optional));
        if (in.has("current_password") && !is_needed) in.error("current_password", "goes with password");
    });
}

parsed<password_confirmation> parse_password_confirmation(std::string_view body, json_scratch& scratch) {
    return parse_body<password_confirmation>(body, scratch, [](object_reader& in, password_confirmation& to) {
        set(to.password, in.text("password", {0, limits::password_chars}));
    });
}

parsed<staff_addition> parse_staff_addition(std::string_view body, json_scratch& scratch) {
    return parse_body<staff_addition>(body, scratch, [](object_reader& in, staff_addition& to) {
        set(to.email, in.text("email", email_rule));
        read_role(in, to.role);
    });
}

parsed<role_change> parse_role_change(std::string_view body, json_scratch& scratch) {
    return parse_body<role_change>(body, scratch,
                                   [](object_reader& in, role_change& to) { read_role(in, to.role); });
}

}  // namespace qtable::proto
