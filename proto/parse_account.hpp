// Bodies about accounts as plain values that own their texts. Pure functions of body and scratch, any core.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/restaurant.hpp"
#include "proto/json_document.hpp"

namespace qtable::proto {

struct customer_registration {
    std::string email;  // as written
    std::string password;
    std::string first_name;
    std::string last_name;
    std::string phone;  // empty = none
};

struct staff_registration {
    std::string email;
    std::string password;
    std::string full_name;
    std::string invitation_token;  // empty = none
};

struct credentials {
    std::string email;  // any text: one that is no address has no account
    std::string password;
};

struct email_verification {
    std::string token;
};

struct refresh_request {
    std::string refresh_token;
};

struct logout_request {
    std::optional<std::string> refresh_token;
};

struct email_request {
    std::string email;  // any text, as with credentials
};

struct password_reset_request {
    std::string token;
    std::string password;
};

struct customer_patch {
    std::optional<std::string> first_name;
    std::optional<std::string> last_name;
    std::optional<std::string> phone;  // empty = none
    std::optional<std::string> password;
    std::string current_password;  // given with `password`
};

struct password_confirmation {
    std::string password;
};

struct staff_addition {
    std::string email;
    staff_role role = staff_role::host;
};

struct role_change {
    staff_role role = staff_role::host;
};

parsed<customer_registration> parse_customer_registration(std::string_view body, json_scratch& scratch);
parsed<staff_registration> parse_staff_registration(std::string_view body, json_scratch& scratch);
parsed<credentials> parse_credentials(std::string_view body, json_scratch& scratch);
parsed<email_verification> parse_email_verification(std::string_view body, json_scratch& scratch);
parsed<refresh_request> parse_refresh(std::string_view body, json_scratch& scratch);
parsed<logout_request> parse_logout(std::string_view body, json_scratch& scratch);
parsed<email_request> parse_email_request(std::string_view body, json_scratch& scratch);
parsed<password_reset_request> parse_password_reset(std::string_view body, json_scratch& scratch);
parsed<customer_patch> parse_customer_patch(std::string_view body, json_scratch& scratch);
parsed<password_confirmation> parse_password_confirmation(std::string_view body, json_scratch& scratch);
parsed<staff_addition> parse_staff_addition(std::string_view body, json_scratch& scratch);
parsed<role_change> parse_role_change(std::string_view body, json_scratch& scratch);

}  // namespace qtable::proto
