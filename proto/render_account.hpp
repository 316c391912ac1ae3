// Accounts and tokens as JSON. Pure functions, any core; they append to `out`. Password hashes are never
// written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/engine/accounts.hpp"

namespace qtable::proto {

struct token_view {
    std::string_view access_token;
    std::int64_t expires_in_s = 0;
    std::string_view refresh_token;
};

// {id, email, first_name, last_name, phone, email_verified, created_at, version}; no phone is null.
void write_customer(std::string& out, const customer_account& value);
// {id, email, full_name, created_at}
void write_staff(std::string& out, const staff_account& value);
// {access_token, token_type, expires_in, refresh_token} and `customer` or `staff`
void write_login(std::string& out, const token_view& tokens, const customer_account& customer);
void write_login(std::string& out, const token_view& tokens, const staff_account& staff);

// {id, name, role}: a restaurant where somebody works.
void write_membership(std::string& out, const staff_membership& value);
// {staff, restaurants}
void write_own_account(std::string& out, const staff_account& account,
                       std::span<const staff_membership> restaurants);
// {id, email, full_name, role, status, expires_at}; of one who is only invited the id is the invitation's.
void write_staff_line(std::string& out, const staff_account& account, staff_role role);
void write_staff_line(std::string& out, const staff_invitation& invitation);

}  // namespace qtable::proto
