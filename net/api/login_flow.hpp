// What logins and registrations of customers and staff have in common. The connection's core.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/engine/accounts.hpp"
#include "net/api/call.hpp"
#include "net/auth/token.hpp"
#include "proto/render_account.hpp"

namespace qtable::net {

// Whether the password may be used; answers the problem when not.
bool accept_password(call& in, std::string_view password);
// The actor of someone who has no account yet: made of the e-mail, for the scope of an Idempotency-Key.
uuid actor_of_email(std::string_view email);

std::int64_t access_token_lifetime_s(const app_core& app);

struct login_subject {
    bool is_known = false;
    uuid id;
    std::string password_hash;
    // Renders the answer with the new tokens.
    std::function<std::string(const std::string& access_token, const std::string& refresh_token)> render;
};

// Guard → account → password → tokens. `find` looks the account up and calls `found` once, also for an
// unknown one.
void log_in(call& in, token_role role, const std::string& email, std::string password,
            std::function<void(app_core&, std::function<void(result<login_subject>)> found)> find);

// Turns an account as the database gave it (or not) into what `log_in` needs.
template <class Account>
login_subject subject_of(const Account& account, std::int64_t lifetime_s) {
    login_subject who;
    who.is_known = true;
    who.id = account.id;
    who.password_hash = account.password_hash;
    who.render = [account, lifetime_s](const std::string& access, const std::string& refresh) {
        std::string body;
        proto::write_login(
            body, {.access_token = access, .expires_in_s = lifetime_s, .refresh_token = refresh}, account);
        return body;
    };
    return who;
}

template <class Account>
void tell_subject(app_core& app, const result<Account>& account,
                  const std::function<void(result<login_subject>)>& found) {
    if (account) return found(subject_of(*account, access_token_lifetime_s(app)));
    if (to_errc(account.error()) == errc::not_found) return found(login_subject{});
    found(account.error());
}

// Hashes the password on the pool, then lets `store` make the account durable with its receipt; the answer is
// 201 with `body`. Under an Idempotency-Key it runs once, on the key's home core.
struct registration {
    std::string route;  // of the key
    std::string email;
    std::string password;
    std::string location;
    std::string body;  // of the answer
    // Stores the account with that password hash; calls `stored` once.
    std::function<void(app_core& at, std::string password_hash, std::optional<receipt_row> receipt,
                       std::function<void(result<void>)> stored)>
        store;
};
void register_account(call& in, registration&& wanted);

}  // namespace qtable::net
