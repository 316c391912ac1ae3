#include <memory>
#include <utility>

#include "net/api/account_handlers.hpp"
#include "net/api/account_mails.hpp"
#include "net/api/app_core.hpp"
#include "net/api/invitation_flow.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/query_reader.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_account.hpp"
#include "proto/render_account.hpp"

namespace qtable::net {

namespace {

constexpr std::int64_t invitation_ms = 7 * ms_per_day;

// Who is to work at a restaurant, and in whose name.
struct addition {
    restaurant_id restaurant;
    std::string restaurant_name;
    actor by;
    bool is_by_owner = false;
    std::string email;
    staff_role role = staff_role::host;
    std::optional<receipt_request> key;
};

bool is_owner(const call& in) {
    const staff_member* member = in.view->config->find_staff(staff_id(in.who.id));
    return member != nullptr && member->role == staff_role::owner;
}

// An account that exists works there at once.
void add_member(const later& to, const addition& wanted, const staff_account& account) {
    command_envelope command = make_command(wanted.by, to.app().wall_now(), wanted.restaurant,
                                            change_staff{account.id, wanted.role, true});
    command.receipt = wanted.key;
    to.app().commands().submit(
        std::move(command), [to, account, role = wanted.role](command_outcome&& outcome) {
            // The address may have been invited under this key, before it had an account.
            const bool is_invitation = outcome.answer.body.find(R"("status":"invited")") != std::string::npos;
            if (outcome.answer.ok() && !is_invitation) {
                outcome.answer.body.clear();
                proto::write_staff_line(outcome.answer.body, account, role);
            }
            answer_to(to)(std::move(outcome));
        });
}

// On the home core of the key, or on this one.
void create_invitation(app_core& at, const addition& wanted, const command_done& finish) {
    const instant now = at.wall_now();
    staff_invitation made;
    made.id = new_uuid(now);
    made.restaurant = wanted.restaurant;
    made.email = wanted.email;
    made.role = wanted.role;
    made.invited_by = staff_id(wanted.by.id);
    made.created_at = now;
    made.expires_at = now.plus_ms(invitation_ms);
    const std::string secret = new_secret();
    mail letter =
        invitation_mail(made, wanted.restaurant_name, {new_uuid(now), secret, at.options().public_url});
    reply answer;
    answer.status = 201;
    answer.location =
        "/restaurants/" + to_string(made.restaurant) + "/staff/invitations/" + to_string(made.id);
    proto::write_staff_line(answer.body, made);
    std::optional<receipt_row> receipt;
    if (wanted.key) receipt = receipt_row{*wanted.key, answer.status, answer.body, answer.location, 0, now};
    at.people().create_invitation(std::move(made), sha256(secret), wanted.is_by_owner, std::move(letter),
                                  std::move(receipt), [answer, finish](result<void> stored) {
                                      command_outcome outcome{answer, false};
                                      if (!stored) outcome.answer = {};
                                      if (!stored) outcome.answer.code = to_errc(stored.error());
                                      finish(std::move(outcome));
                                  });
}

void invite(const later& to, const std::shared_ptr<const addition>& wanted) {
    if (!wanted->key) return create_invitation(to.app(), *wanted, answer_to(to));
    to.app().commands().run_once(
        *wanted->key,
        [wanted](app_core& home, command_done finish) { create_invitation(home, *wanted, finish); },
        answer_to(to));
}

}  // namespace

void add_restaurant_staff(call& in) {
    auto body = in.body(proto::parse_staff_addition);
    if (!body) return;
    auto wanted = std::make_shared<addition>();
    wanted->is_by_owner = is_owner(in);
    if (body->role == staff_role::owner && !wanted->is_by_owner) return in.fail(errc::forbidden);
    idempotency_key key = read_key(in, in.who.id, "POST /restaurants/staff " + to_string(in.live->id));
    if (!key.is_valid) return;
    wanted->restaurant = in.live->id;
    wanted->restaurant_name = in.view->config->profile.name;
    wanted->by = in.who;
    wanted->email = std::move(body->email);
    wanted->role = body->role;
    wanted->key = std::move(key.receipt);
    const later to = in.defer();
    in.app.people().staff_by_email(wanted->email, [to, wanted](result<staff_account> account) {
        if (account) return add_member(to, *wanted, *account);
        if (to_errc(account.error()) != errc::not_found) return to.fail(to_errc(account.error()));
        invite(to, wanted);
    });
}

void delete_staff_invitation(call& in) {
    if (!query_reader(in).finish()) return;
    const later to = in.defer();
    in.app.people().delete_invitation(in.live->id, parse_uuid(in.params[1]).value_or(uuid{}), is_owner(in),
                                      [to](result<void> gone) {
                                          if (!gone) return to.fail(to_errc(gone.error()));
                                          to.send(make_json(204, {}));
                                      });
}

void accept_staff_invitation(call& in) {
    auto wanted = in.body(proto::parse_email_verification);
    if (!wanted) return;
    const later to = in.defer();
    in.app.people().staff_by_id(
        staff_id(in.who.id), [to, token = std::move(wanted->token)](result<staff_account> account) {
            if (!account) {
                const errc code = to_errc(account.error());
                return to.fail(code == errc::not_found ? errc::unauthorized : code);
            }
            join_restaurant(to.app(), token, *account, [to](result<staff_membership> joined) {
                if (!joined) return to.fail(to_errc(joined.error()));
                std::string body;
                proto::write_membership(body, *joined);
                to.send(make_json(200, std::move(body)));
            });
        });
}

}  // namespace qtable::net
