#include "proto/parse_account.hpp"

#include "core/base/limits.hpp"
#include "proto/body.hpp"

namespace qtable::proto {

namespace {

constexpr text_rule email_rule = {3, limits::email_chars, is_email, "must be an e-mail address"};
constexpr text_rule password_rule = {limits::password_chars_min, limits::password_chars};
constexpr text_rule name_rule = {1, limits::name_chars, is_not_blank, "must not be blank"};
constexpr text_rule phone_rule = {0, limits::phone_chars, is_phone, "must be a telephone number"};

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
        set(to.token, in.text("token", {1, limits::token_chars}));
    });
}

}  // namespace qtable::proto
