#include "net/api/invitation_flow.hpp"

#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/keyed_request.hpp"
#include "net/auth/random.hpp"
#include "proto/text_rules.hpp"

namespace qtable::net {

namespace {

// What the restaurant's staff list says now.
result<staff_membership> membership_at(app_core& app, const restaurant_id& restaurant, const staff_id& who) {
    const live_restaurant* live = app.restaurants().find(restaurant);
    const restaurant_view* view = live != nullptr ? live->view.load(std::memory_order_acquire) : nullptr;
    const staff_member* member = view != nullptr ? view->config->find_staff(who) : nullptr;
    if (member == nullptr) return errc::invalid_token;
    return staff_membership{restaurant, view->config->profile.name, member->role};
}

void use_invitation(app_core& app, const staff_invitation& invitation, const staff_id& who,
                    std::function<void(result<staff_membership>)> done) {
    const change_staff wanted{who, invitation.role, true};
    const actor inviter{actor::kind::staff, invitation.invited_by};
    app.commands().submit(make_command(inviter, app.wall_now(), invitation.restaurant, wanted),
                          [&app, invitation, who, done = std::move(done)](command_outcome&& outcome) {
                              const errc code = outcome.answer.code;
                              if (code == errc::forbidden || code == errc::not_found)
                                  return done(errc::invalid_token);
                              if (code != errc::ok && code != errc::already_staff) return done(code);
                              // Also when the mark is lost: the next use finds a member.
                              app.people().accept_invitation(
                                  invitation.id, who, app.wall_now(),
                                  [&app, at = invitation.restaurant, who, done](result<void>) {
                                      done(membership_at(app, at, who));
                                  });
                          });
}

bool is_same_address(const std::string& a, const std::string& b) {
    return proto::lower_ascii(a) == proto::lower_ascii(b);
}

}  // namespace

void join_restaurant(app_core& app, const std::string& token, const staff_account& who,
                     std::function<void(result<staff_membership>)> done) {
    app.people().find_invitation(sha256(token), app.wall_now(),
                                 [&app, who, done = std::move(done)](result<staff_invitation> invitation) {
                                     if (!invitation) return done(invitation.error());
                                     if (!is_same_address(invitation->email, who.email))
                                         return done(errc::forbidden);
                                     if (!app.holds(invitation->restaurant)) return done(errc::misdirected);
                                     if (!invitation->accepted_by)
                                         return use_invitation(app, *invitation, who.id, done);
                                     if (*invitation->accepted_by != who.id) return done(errc::invalid_token);
                                     done(membership_at(app, invitation->restaurant, who.id));
                                 });
}

void register_invited(app_core& app, staff_account account, const std::string& token,
                      std::optional<receipt_row> receipt, std::function<void(result<void>)> stored) {
    app.people().find_invitation(
        sha256(token), app.wall_now(),
        [&app, account = std::move(account), receipt = std::move(receipt),
         stored = std::move(stored)](result<staff_invitation> invitation) {
            if (!invitation) return stored(invitation.error());
            if (invitation->accepted_by || !is_same_address(invitation->email, account.email))
                return stored(errc::invalid_token);
            if (!app.holds(invitation->restaurant)) return stored(errc::misdirected);
            const auto created = [&app, invitation = *invitation, id = account.id,
                                  stored](result<void> made) {
                if (!made) return stored(made);
                // The account is there whatever becomes of the membership: GET /auth/me tells.
                use_invitation(app, invitation, id, [stored](result<staff_membership>) { stored({}); });
            };
            app.people().create_staff(account, receipt, created);
        });
}

}  // namespace qtable::net
