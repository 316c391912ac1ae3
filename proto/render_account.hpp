// Accounts and tokens as JSON. Pure functions, any core; they append to `out`. Password hashes are never
// written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/engine/accounts.hpp"

namespace qtable::proto {

struct token_view {
    std::string_view access_token;
    std::int64_t expires_in_s = 0;
    std::string_view refresh_token;
};

// {id, email, first_name, last_name, phone, email_verified, created_at}; no phone is null.
void write_customer(std::string& out, const customer_account& value);
// {id, email, full_name, created_at}
void write_staff(std::string& out, const staff_account& value);
// {access_token, token_type, expires_in, refresh_token} and `customer` or `staff`
void write_login(std::string& out, const token_view& tokens, const customer_account& customer);
void write_login(std::string& out, const token_view& tokens, const staff_account& staff);

}  // namespace qtable::proto
