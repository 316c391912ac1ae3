// What the handlers of a customer's own account have in common. The connection's core.
#pragma once

#include <functional>
#include <string>

#include "core/engine/accounts.hpp"
#include "net/api/call.hpp"

namespace qtable::net {

// A token of an account that is gone is none: 401.
void fail_of_account(const later& to, const boost::system::error_code& why);

// Goes on with the account when the password is its own; a wrong one is 401 `invalid_credentials`, counted as
// a login's.
void confirm_password(call& in, std::string password,
                      std::function<void(const later& to, const customer_account& who)> go_on);

}  // namespace qtable::net
