#include <utility>

#include "net/api/account_mails.hpp"
#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/login_flow.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_account.hpp"

namespace qtable::net {

void register_customer(call& in) {
    auto wanted = in.body(proto::parse_customer_registration);
    if (!wanted) return;
    customer_account account;
    account.id = new_id<customer_id>(in.now);
    account.email = wanted->email;
    account.first_name = std::move(wanted->first_name);
    account.last_name = std::move(wanted->last_name);
    account.phone = std::move(wanted->phone);
    account.created_at = in.now;

    registration made;
    made.route = "POST /customer/register";
    made.email = wanted->email;
    made.password = std::move(wanted->password);
    made.location = "/customer/me";
    proto::write_customer(made.body, account);
    made.store = [account](app_core& at, std::string password_hash, std::optional<receipt_row> receipt,
                           std::function<void(result<void>)> stored) {
        customer_account complete = account;
        complete.password_hash = std::move(password_hash);
        const std::string secret = new_secret();
        const instant now = at.wall_now();
        mail letter = verification_mail(complete, {new_uuid(now), secret, at.options().public_url});
        at.people().create_customer(std::move(complete), sha256(secret),
                                    now.plus_ms(limits::email_token_s * ms_per_second), std::move(letter),
                                    std::move(receipt), std::move(stored));
    };
    register_account(in, std::move(made));
}

void login_customer(call& in) {
    auto wanted = in.body(proto::parse_credentials);
    if (!wanted) return;
    log_in(in, account_kind::customer, wanted->email, std::move(wanted->password),
           [email = wanted->email](app_core& app, std::function<void(result<login_subject>)> found) {
               app.people().customer_by_email(email, [&app, found](result<customer_account> account) {
                   tell_subject(app, account, found);
               });
           });
}

void verify_customer_email(call& in) {
    auto wanted = in.body(proto::parse_email_verification);
    if (!wanted) return;
    const later to = in.defer();
    in.app.people().verify_email(sha256(wanted->token), in.now, [to](result<customer_account> account) {
        if (!account) return to.fail(to_errc(account.error()));
        std::string body;
        proto::write_customer(body, *account);
        to.send(make_json(200, std::move(body)));
    });
}

}  // namespace qtable::net
