// Everything that is held of a customer as one document. Pure function, any core; it appends to `out`.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/zone.hpp"
#include "core/engine/accounts.hpp"

namespace qtable::proto {

struct customer_export {
    instant at;
    const customer_account& account;
    std::span<const listed_reservation> reservations;
    const customer_holdings& held;
    bool is_complete = true;  // nothing was left out for a bound
};

// {exported_at, is_complete, account, sessions, reservations, guests, reviews}
void write_export(std::string& out, const customer_export& value,
                  const std::function<std::shared_ptr<const zone>(std::string_view)>& zones);

}  // namespace qtable::proto
