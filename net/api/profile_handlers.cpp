#include <utility>

#include "net/api/account_handlers.hpp"
#include "net/api/app_core.hpp"
#include "net/api/login_flow.hpp"
#include "net/api/own_account.hpp"
#include "net/api/query_reader.hpp"
#include "net/api/revocation.hpp"
#include "net/auth/password_pool.hpp"
#include "proto/parse_account.hpp"
#include "proto/render_account.hpp"

namespace qtable::net {

namespace {

void store_change(const later& to, customer_change&& change) {
    app_core& app = to.app();
    app.people().change_customer(std::move(change), app.wall_now(), [to](result<changed_customer> changed) {
        if (!changed) return fail_of_account(to, changed.error());
        std::string body;
        proto::write_customer(body, changed->account);
        revoke_everywhere(
            to.app(), std::move(changed->ended_sessions),
            [to, body, version = changed->account.version] { to.send(make_json(200, body, version)); });
    });
}

}  // namespace

void fail_of_account(const later& to, const boost::system::error_code& why) {
    const errc code = to_errc(why);
    to.fail(code == errc::not_found ? errc::unauthorized : code);
}

void confirm_password(call& in, std::string password,
                      std::function<void(const later&, const customer_account&)> go_on) {
    const customer_id who(in.who.id);
    const std::string account = "customer " + to_string(who);
    when_not_too_often(in, account, [=](const later& to, bool is_counted) {
        to.app().people().customer_by_id(who, [=](result<customer_account> found) {
            if (!found) return fail_of_account(to, found.error());
            check_password(to, account, is_counted, password, found->password_hash,
                           [to, go_on, customer = *found] { go_on(to, customer); });
        });
    });
}

void get_own_customer(call& in) {
    if (!query_reader(in).finish()) return;
    const later to = in.defer();
    in.app.people().customer_by_id(customer_id(in.who.id),
                                   [to, known = known_versions(in.in)](result<customer_account> account) {
                                       if (!account) return fail_of_account(to, account.error());
                                       std::string body;
                                       proto::write_customer(body, *account);
                                       to.send(make_versioned(known, std::move(body), account->version));
                                   });
}

void change_own_customer(call& in) {
    auto wanted = in.body(proto::parse_customer_patch);
    if (!wanted) return;
    customer_change change;
    change.id = customer_id(in.who.id);
    change.first_name = std::move(wanted->first_name);
    change.last_name = std::move(wanted->last_name);
    change.phone = std::move(wanted->phone);
    change.if_version = in.if_match();
    if (!wanted->password) return store_change(in.defer(), std::move(change));
    if (!accept_password(in, *wanted->password)) return;
    confirm_password(in, std::move(wanted->current_password),
                     [change, password = *wanted->password](const later& to, const customer_account&) {
                         app_core& app = to.app();
                         const auto hashed = [to, change](std::string hash) mutable {
                             if (hash.empty()) return to.fail(errc::overloaded);
                             change.password_hash = std::move(hash);
                             store_change(to, std::move(change));
                         };
                         if (!app.passwords().hash(app.index(), password, hashed)) to.fail(errc::overloaded);
                     });
}

}  // namespace qtable::net
