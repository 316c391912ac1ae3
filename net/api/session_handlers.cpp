#include <utility>

#include "net/api/account_handlers.hpp"
#include "net/api/app_core.hpp"
#include "net/api/login_flow.hpp"
#include "net/api/query_reader.hpp"
#include "net/api/revocation.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_account.hpp"

namespace qtable::net {

namespace {

template <class Account>
void send_tokens(const later& to, account_kind kind, const uuid& session, const std::string& refresh,
                 const result<Account>& account) {
    if (!account) {
        const errc code = to_errc(account.error());
        return to.fail(code == errc::not_found ? errc::invalid_credentials : code);
    }
    app_core& app = to.app();
    const std::string access =
        app.tokens().mint(role_of(kind), account->id, app.wall_now(), app.options().access_token_s, session);
    send_secret(to, subject_of(*account, app.options().access_token_s).render(access, refresh));
}

void refresh(call& in, account_kind kind) {
    const auto wanted = in.body(proto::parse_refresh);
    if (!wanted) return;
    const later to = in.defer();
    const std::string secret = new_secret();
    const auto renewed = [to, kind, secret](result<session_renewal> made) {
        if (!made) return to.fail(to_errc(made.error()));
        app_core& app = to.app();
        if (made->is_reuse)
            return revoke_everywhere(app, {made->session}, [to] { to.fail(errc::invalid_credentials); });
        const auto send = [to, kind, secret, session = made->session](const auto& account) {
            send_tokens(to, kind, session, secret, account);
        };
        if (kind == account_kind::staff) return app.people().staff_by_id(staff_id(made->account), send);
        app.people().customer_by_id(customer_id(made->account), send);
    };
    in.app.people().renew_session(kind, sha256(wanted->refresh_token), sha256(secret), in.now,
                                  in.now.plus_ms(in.app.options().refresh_token_s * ms_per_second), renewed);
}

void log_out(call& in, account_kind kind) {
    std::optional<token_hash> refresh_hash;
    if (in.in.body.empty()) {
        if (!query_reader(in).finish()) return;
    } else {
        const auto wanted = in.body(proto::parse_logout);
        if (!wanted) return;
        if (wanted->refresh_token) refresh_hash = sha256(*wanted->refresh_token);
    }
    std::optional<uuid> session;
    if (!in.session.is_nil()) session = in.session;
    const later to = in.defer();
    in.app.people().end_sessions(
        kind, in.who.id, session, refresh_hash, in.now, [to](result<std::vector<uuid>> ended) {
            if (!ended) return to.fail(to_errc(ended.error()));
            revoke_everywhere(to.app(), std::move(*ended), [to] { to.send(make_json(204, {})); });
        });
}

}  // namespace

void refresh_customer(call& in) {
    refresh(in, account_kind::customer);
}

void refresh_staff(call& in) {
    refresh(in, account_kind::staff);
}

void log_out_customer(call& in) {
    log_out(in, account_kind::customer);
}

void log_out_staff(call& in) {
    log_out(in, account_kind::staff);
}

}  // namespace qtable::net
