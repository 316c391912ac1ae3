// How an invited person becomes one of the staff: the owner of the restaurant decides, in the name of who
// invited; whoever may no longer invite has invited nobody. The connection's core, or the key's home core.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/engine/accounts.hpp"

namespace qtable::net {

class app_core;

// The membership, or `invalid_token`: expired, of another person, of a restaurant or an inviter that is gone;
// `forbidden` when it is for another address.
void join_restaurant(app_core& app, const std::string& token, const staff_account& who,
                     std::function<void(result<staff_membership>)> done);

// A new account that joins at once. The token is looked at first: a wrong one makes no account.
void register_invited(app_core& app, staff_account account, const std::string& token,
                      std::optional<receipt_row> receipt, std::function<void(result<void>)> stored);

}  // namespace qtable::net
