#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/invitation_flow.hpp"
#include "net/api/login_flow.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_account.hpp"

namespace qtable::net {

void register_staff(call& in) {
    auto wanted = in.body(proto::parse_staff_registration);
    if (!wanted) return;
    staff_account account;
    account.id = new_id<staff_id>(in.now);
    account.email = wanted->email;
    account.full_name = std::move(wanted->full_name);
    account.created_at = in.now;

    registration made;
    made.route = "POST /auth/register";
    made.email = wanted->email;
    made.password = std::move(wanted->password);
    made.location = "/auth/me";
    proto::write_staff(made.body, account);
    made.store = [account, invitation = wanted->invitation_token](app_core& at, std::string password_hash,
                                                                  std::optional<receipt_row> receipt,
                                                                  std::function<void(result<void>)> stored) {
        staff_account complete = account;
        complete.password_hash = std::move(password_hash);
        if (invitation.empty())
            return at.people().create_staff(std::move(complete), std::move(receipt), std::move(stored));
        register_invited(at, std::move(complete), invitation, std::move(receipt), std::move(stored));
    };
    register_account(in, std::move(made));
}

void login_staff(call& in) {
    auto wanted = in.body(proto::parse_credentials);
    if (!wanted) return;
    log_in(in, account_kind::staff, wanted->email, std::move(wanted->password),
           [email = wanted->email](app_core& app, std::function<void(result<login_subject>)> found) {
               app.people().staff_by_email(email, [&app, found](result<staff_account> account) {
                   tell_subject(app, account, found);
               });
           });
}

}  // namespace qtable::net
