// Letters for those who have lost something. Who asks learns nothing about the address: the answer is sent
// before the account is looked up.
#include <functional>
#include <utility>

#include "net/api/account_handlers.hpp"
#include "net/api/account_mails.hpp"
#include "net/api/app_core.hpp"
#include "net/api/login_flow.hpp"
#include "net/api/revocation.hpp"
#include "net/auth/password_pool.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_account.hpp"

namespace qtable::net {

namespace {

constexpr std::int64_t reset_token_s = 3600;
constexpr std::string_view accepted_body =
    R"({"detail":"If there is such an account, a mail is on its way."})";

void send_verification(app_core& app, const customer_account& account) {
    if (account.email_verified) return;
    const instant now = app.wall_now();
    const std::string secret = new_secret();
    app.people().add_email_token(
        {sha256(secret), email_token::purpose::verification, account_kind::customer, account.id, now,
         now.plus_ms(limits::email_token_s * ms_per_second)},
        verification_mail(account, {new_uuid(now), secret, app.options().public_url}), [](result<void>) {});
}

void send_reset(app_core& app, account_kind kind, const uuid& account, const std::string& email,
                std::string_view name) {
    const instant now = app.wall_now();
    const std::string secret = new_secret();
    app.people().add_email_token(
        {sha256(secret), email_token::purpose::reset, kind, account, now,
         now.plus_ms(reset_token_s * ms_per_second)},
        reset_mail(kind, email, name, {new_uuid(now), secret, app.options().public_url}),
        [](result<void>) {});
}

// Every question counts against the address, so that nobody is flooded with letters.
void answer_and_write(call& in, std::string_view what,
                      std::function<void(app_core&, const std::string& email)> write) {
    const auto wanted = in.body(proto::parse_email_request);
    if (!wanted) return;
    const std::string account =
        std::string(what) + ' ' + attempts_name(account_kind::customer, wanted->email);
    when_not_too_often(in, account, [=, email = wanted->email](const later& to, bool is_counted) {
        app_core& app = to.app();
        if (app.is_degraded()) return to.fail(errc::database_unavailable);
        if (is_counted) app.logins().failed(account);
        to.send(make_json(202, std::string(accepted_body)));
        write(app, email);
    });
}

void reset_password(call& in, account_kind kind) {
    auto wanted = in.body(proto::parse_password_reset);
    if (!wanted || !accept_password(in, wanted->password)) return;
    const token_hash token = sha256(wanted->token);
    const auto store = [kind, token](const later& to, std::string hash) {
        if (hash.empty()) return to.fail(errc::overloaded);
        app_core& app = to.app();
        app.people().reset_password(kind, token, std::move(hash), app.wall_now(),
                                    [to, kind](result<password_reset> made) {
                                        if (!made) return to.fail(to_errc(made.error()));
                                        to.app().logins().succeeded(attempts_name(kind, made->email));
                                        revoke_everywhere(to.app(), std::move(made->ended_sessions),
                                                          [to] { to.send(make_json(204, {})); });
                                    });
    };
    when_not_too_often(in, "reset", [=, password = wanted->password](const later& to, bool) {
        app_core& app = to.app();
        // Before the password is hashed, which is work.
        app.people().check_reset(kind, token, app.wall_now(), [=](result<void> is_good) {
            if (!is_good) return to.fail(to_errc(is_good.error()));
            app_core& here = to.app();
            const bool is_queued = here.passwords().hash(
                here.index(), password, [to, store](std::string hash) { store(to, std::move(hash)); });
            if (!is_queued) to.fail(errc::overloaded);
        });
    });
}

}  // namespace

void resend_verification(call& in) {
    answer_and_write(in, "verification", [](app_core& app, const std::string& email) {
        app.people().customer_by_email(email, [&app](result<customer_account> account) {
            if (account) send_verification(app, *account);
        });
    });
}

void forget_customer_password(call& in) {
    answer_and_write(in, "reset", [](app_core& app, const std::string& email) {
        app.people().customer_by_email(email, [&app](result<customer_account> account) {
            if (!account) return;
            send_reset(app, account_kind::customer, account->id, account->email, account->first_name);
        });
    });
}

void forget_staff_password(call& in) {
    answer_and_write(in, "staff reset", [](app_core& app, const std::string& email) {
        app.people().staff_by_email(email, [&app](result<staff_account> account) {
            if (!account) return;
            send_reset(app, account_kind::staff, account->id, account->email, account->full_name);
        });
    });
}

void reset_customer_password(call& in) {
    reset_password(in, account_kind::customer);
}

void reset_staff_password(call& in) {
    reset_password(in, account_kind::staff);
}

}  // namespace qtable::net
