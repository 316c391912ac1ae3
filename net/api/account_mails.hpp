// The letters about accounts: what each says, with its token and how to use it by hand. Pure; any core.
#pragma once

#include <string>
#include <string_view>

#include "core/engine/accounts.hpp"

namespace qtable::net {

struct letter_facts {
    uuid id;  // the letter's
    std::string_view secret;
    std::string_view public_url;
};

mail verification_mail(const customer_account& account, const letter_facts& facts);
mail reset_mail(account_kind kind, std::string recipient, std::string_view name, const letter_facts& facts);
mail invitation_mail(const staff_invitation& invitation, std::string_view restaurant,
                     const letter_facts& facts);

}  // namespace qtable::net
