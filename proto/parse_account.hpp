// Bodies about accounts as plain values that own their texts. Pure functions of body and scratch, any core.
#pragma once

#include <string>
#include <string_view>

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
};

struct credentials {
    std::string email;  // any text: one that is no address has no account
    std::string password;
};

struct email_verification {
    std::string token;
};

parsed<customer_registration> parse_customer_registration(std::string_view body, json_scratch& scratch);
parsed<staff_registration> parse_staff_registration(std::string_view body, json_scratch& scratch);
parsed<credentials> parse_credentials(std::string_view body, json_scratch& scratch);
parsed<email_verification> parse_email_verification(std::string_view body, json_scratch& scratch);

}  // namespace qtable::proto
