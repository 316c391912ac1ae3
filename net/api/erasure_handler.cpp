// The end of a customer's account: first nobody can act for it any more, then the owners of the restaurants
// forget the customer, then the database does. Each step may be repeated: after a failure the customer asks
// again.
#include <utility>
#include <vector>

#include "net/api/account_handlers.hpp"
#include "net/api/app_core.hpp"
#include "net/api/diner_flow.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/login_flow.hpp"
#include "net/api/own_account.hpp"
#include "net/api/revocation.hpp"
#include "proto/parse_account.hpp"

namespace qtable::net {

namespace {

void give_up(const later& to, const customer_id& who, errc code) {
    pardon_everywhere(to.app(), who);
    to.fail(code == errc::not_found ? errc::unauthorized : code);
}

void forget_stream(app_core& app, const customer_id& who) {
    app_core& home = app.peer(app.home_of(who));
    app.cores().post(home.index(), [&home, who] { home.listeners().forget_customer(who); });
}

void erase_rows(const later& to, const customer_account& who) {
    to.app().people().erase_customer(who.id, actor_of_email(who.email), to.app().wall_now(),
                                     [to, id = who.id](result<std::vector<uuid>> ended) {
                                         if (!ended) return give_up(to, id, to_errc(ended.error()));
                                         forget_stream(to.app(), id);
                                         revoke_everywhere(to.app(), std::move(*ended),
                                                           [to] { to.send(make_json(204, {})); });
                                     });
}

void erase(const later& to, const customer_account& who) {
    app_core& app = to.app();
    app.records().restaurants_of_customer(who.id, [to, who](result<std::vector<restaurant_id>> places) {
        if (!places) return give_up(to, who.id, to_errc(places.error()));
        std::vector<command_envelope> commands;
        for (const restaurant_id& each : *places) {
            commands.push_back(make_command({actor::kind::customer, who.id}, to.app().wall_now(), each,
                                            forget_customer{who.id}));
        }
        gather(to.app(), std::move(commands), [to, who](std::vector<reply>&& answers) {
            for (const reply& each : answers) {
                if (!each.ok() && each.code != errc::not_found) return give_up(to, who.id, each.code);
            }
            erase_rows(to, who);
        });
    });
}

}  // namespace

void erase_own_customer(call& in) {
    auto wanted = in.body(proto::parse_password_confirmation);
    if (!wanted) return;
    confirm_password(in, std::move(wanted->password), [](const later& to, const customer_account& who) {
        revoke_everywhere(to.app(), {who.id}, [to, who] { erase(to, who); });
    });
}

}  // namespace qtable::net
