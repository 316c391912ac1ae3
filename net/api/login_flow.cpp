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

bool is_loopback(const peer_address& from) {
    const std::string text = from.text();
    return text.starts_with("127.") || text == "::1";
}

// The password was right: tokens.
void issue(const later& to, token_role role, const login_subject& who) {
    app_core& app = to.app();
    const instant now = app.wall_now();
    const std::string secret = new_secret();
    refresh_token kept;
    kept.hash = sha256(secret);
    kept.family = new_uuid(now);
    kept.is_staff = role == token_role::staff;
    kept.account = who.id;
    kept.expires_at = now.plus_ms(app.options().refresh_token_s * ms_per_second);
    const std::string access = app.tokens().mint(role, who.id, now, app.options().access_token_s);
    app.people().add_refresh_token(kept, [to, body = who.render(access, secret)](result<void> stored) {
        if (!stored) return to.fail(to_errc(stored.error()));
        response answer = make_json(200, body);
        answer.header("Cache-Control", "no-store");
        to.send(std::move(answer));
    });
}

void check_password(const later& to, token_role role, const std::string& account, bool is_guarded,
                    std::string password, const login_subject& who) {
    app_core& app = to.app();
    const bool is_queued = app.passwords().verify(app.index(), std::move(password),
                                                  who.is_known ? who.password_hash : std::string(),
                                                  [to, role, account, is_guarded, who](bool is_right) {
                                                      if (is_right && who.is_known) {
                                                          if (is_guarded)
                                                              to.app().logins().succeeded(account);
                                                          return issue(to, role, who);
                                                      }
                                                      to.app().metrics().login_failures.add();
                                                      if (is_guarded) to.app().logins().failed(account);
                                                      to.fail(errc::invalid_credentials);
                                                  });
    if (!is_queued) to.fail(errc::overloaded);
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

void log_in(call& in, token_role role, const std::string& email, std::string password,
            std::function<void(app_core&, std::function<void(result<login_subject>)> found)> find) {
    const std::string account =
        (role == token_role::staff ? "staff " : "customer ") + proto::lower_ascii(email);
    const bool is_guarded = !(in.app.options().is_loopback_exempt && is_loopback(in.in.remote));
    const std::string address = in.in.remote.text();
    const later to = in.defer();
    const auto go_on = [to, role, account, is_guarded, password = std::move(password),
                        find = std::move(find)](std::int64_t wait_ms) {
        if (wait_ms > 0) {
            to.app().metrics().rate_limited.add();
            return to.fail(errc::too_many_requests, {.retry_after_s = (wait_ms + 999) / 1000});
        }
        find(to.app(), [to, role, account, is_guarded, password](result<login_subject> who) {
            if (!who) return to.fail(to_errc(who.error()));
            check_password(to, role, account, is_guarded, password, *who);
        });
    };
    if (is_guarded) return in.app.logins().check(account, address, go_on);
    go_on(0);
}

}  // namespace qtable::net
