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

token_role role_of(account_kind kind) noexcept;
// "customer ada@example.test": under which name attempts are counted.
std::string attempts_name(account_kind kind, std::string_view email);

// Goes on when neither the account nor the address has tried too often; else 429. `is_counted`: failures are
// to be told to the guard.
void when_not_too_often(call& in, std::string account,
                        std::function<void(const later& to, bool is_counted)> go_on);

// Never to be kept by a cache.
void send_secret(const later& to, std::string body);

// A right password of the account `who` goes on; a wrong one is 401 `invalid_credentials`, and counted.
void check_password(const later& to, const std::string& account, bool is_counted, std::string password,
                    std::string stored_hash, std::function<void()> go_on);

struct login_subject {
    bool is_known = false;
    uuid id;
    std::string password_hash;
    // Renders the answer with the new tokens.
    std::function<std::string(const std::string& access_token, const std::string& refresh_token)> render;
};

// Guard → account → password → tokens. `find` looks the account up and calls `found` once, also for an
// unknown one.
void log_in(call& in, account_kind kind, const std::string& email, std::string password,
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
