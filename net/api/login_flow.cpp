#include "net/api/login_flow.hpp"

#include <cstring>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/keyed_request.hpp"
#include "net/auth/password_pool.hpp"
#include "net/auth/random.hpp"
#include "proto/text_rules.hpp"

namespace qtable::net {

namespace {

// The password was right: a session begins.
void issue(const later& to, account_kind kind, const login_subject& who) {
    app_core& app = to.app();
    const instant now = app.wall_now();
    const std::string secret = new_secret();
    refresh_token kept;
    kept.hash = sha256(secret);
    kept.family = new_uuid(now);
    kept.kind = kind;
    kept.account = who.id;
    kept.expires_at = now.plus_ms(app.options().refresh_token_s * ms_per_second);
    const std::string access =
        app.tokens().mint(role_of(kind), who.id, now, app.options().access_token_s, kept.family);
    app.people().add_refresh_token(kept, [to, body = who.render(access, secret)](result<void> stored) {
        if (!stored) return to.fail(to_errc(stored.error()));
        send_secret(to, body);
    });
}

// On the home core of the key: hash, then everything in one transaction.
void create_account(app_core& at, const std::shared_ptr<const registration>& wanted,
                    const std::optional<receipt_request>& key, const command_done& finish) {
    const auto refuse = [finish](errc code) {
        command_outcome outcome;
        outcome.answer.code = code;
        finish(std::move(outcome));
    };
    const bool is_queued = at.passwords().hash(
        at.index(), wanted->password, [&at, wanted, key, finish, refuse](std::string hash) {
            if (hash.empty()) return refuse(errc::overloaded);
            reply answer;
            answer.status = 201;
            answer.location = wanted->location;
            answer.body = wanted->body;
            std::optional<receipt_row> receipt;
            if (key)
                receipt = receipt_row{*key, answer.status, answer.body, answer.location, 0, at.wall_now()};
            wanted->store(at, std::move(hash), std::move(receipt),
                          [finish, refuse, answer](result<void> stored) mutable {
                              if (!stored) return refuse(to_errc(stored.error()));
                              finish({std::move(answer), false});
                          });
        });
    if (!is_queued) refuse(errc::overloaded);
}

}  // namespace

std::int64_t access_token_lifetime_s(const app_core& app) {
    return app.options().access_token_s;
}

bool accept_password(call& in, std::string_view password) {
    if (!is_common_password(password)) return true;
    proto::input_errors errors;
    errors.add("/password", "is among the passwords that everybody tries first");
    in.fail(errors);
    return false;
}

void register_account(call& in, registration&& wanted) {
    if (!accept_password(in, wanted.password)) return;
    idempotency_key key = read_key(in, actor_of_email(wanted.email), wanted.route);
    if (!key.is_valid) return;
    const command_done done = answer_to(in.defer());
    const auto kept = std::make_shared<const registration>(std::move(wanted));
    if (!key.receipt) return create_account(in.app, kept, std::nullopt, done);
    in.app.commands().run_once(
        *key.receipt,
        [kept, receipt = *key.receipt](app_core& home, command_done finish) {
            create_account(home, kept, receipt, finish);
        },
        done);
}

uuid actor_of_email(std::string_view email) {
    uuid made;
    const auto digest = digest16(proto::lower_ascii(email));
    std::memcpy(made.bytes.data(), digest.data(), made.bytes.size());
    return made;
}

token_role role_of(account_kind kind) noexcept {
    return kind == account_kind::staff ? token_role::staff : token_role::customer;
}

std::string attempts_name(account_kind kind, std::string_view email) {
    return (kind == account_kind::staff ? "staff " : "customer ") + proto::lower_ascii(email);
}

void when_not_too_often(call& in, std::string account,
                        std::function<void(const later&, bool is_counted)> go_on) {
    const bool is_counted = !(in.app.options().is_loopback_exempt && in.client.is_loopback());
    const std::string address = in.client.text();
    const later to = in.defer();
    if (!is_counted) return go_on(to, false);
    in.app.logins().check(std::move(account), address, [to, go_on](std::int64_t wait_ms) {
        if (wait_ms == 0) return go_on(to, true);
        to.app().metrics().rate_limited.add();
        to.fail(errc::too_many_requests, {.retry_after_s = (wait_ms + 999) / 1000});
    });
}

void send_secret(const later& to, std::string body) {
    response answer = make_json(200, std::move(body));
    answer.header("Cache-Control", "no-store");
    to.send(std::move(answer));
}

void check_password(const later& to, const std::string& account, bool is_counted, std::string password,
                    std::string stored_hash, std::function<void()> go_on) {
    app_core& app = to.app();
    const bool is_queued =
        app.passwords().verify(app.index(), std::move(password), std::move(stored_hash),
                               [to, account, is_counted, go_on = std::move(go_on)](bool is_right) {
                                   if (is_right) {
                                       if (is_counted) to.app().logins().succeeded(account);
                                       return go_on();
                                   }
                                   to.app().metrics().login_failures.add();
                                   if (is_counted) to.app().logins().failed(account);
                                   to.fail(errc::invalid_credentials);
                               });
    if (!is_queued) to.fail(errc::overloaded);
}

void log_in(call& in, account_kind kind, const std::string& email, std::string password,
            std::function<void(app_core&, std::function<void(result<login_subject>)> found)> find) {
    const std::string account = attempts_name(kind, email);
    when_not_too_often(in, account, [=](const later& to, bool is_counted) {
        find(to.app(), [=](result<login_subject> who) {
            if (!who) return to.fail(to_errc(who.error()));
            // An unknown account has no hash: it takes as long, and is never right.
            const std::string stored = who->is_known ? who->password_hash : std::string();
            check_password(to, account, is_counted, password, stored,
                           [to, kind, subject = *who] { issue(to, kind, subject); });
        });
    });
}

}  // namespace qtable::net
