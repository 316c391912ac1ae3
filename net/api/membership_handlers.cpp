#include <algorithm>
#include <utility>
#include <vector>

#include "net/api/account_handlers.hpp"
#include "net/api/app_core.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/query_reader.hpp"
#include "proto/parse_account.hpp"
#include "proto/render_account.hpp"
#include "proto/render_list.hpp"

namespace qtable::net {

namespace {

struct staff_page {
    std::vector<staff_member> members;
    std::size_t from = 0;
    std::size_t limit = 0;
};

// Members in the order of their accounts, then invitations by address. At most
// `limits::staff_per_restaurant` and `open_invitations_max`: pages go by position.
void send_page(const later& to, const staff_page& page, const std::vector<staff_account>& accounts,
               const std::vector<staff_invitation>& invitations) {
    const std::size_t total = page.members.size() + invitations.size();
    const std::size_t end = std::min(total, page.from + page.limit);
    std::string body;
    proto::list_writer list(body);
    for (std::size_t i = page.from; i < end; ++i) {
        if (i >= page.members.size()) {
            proto::write_staff_line(list.next_item(), invitations[i - page.members.size()]);
            continue;
        }
        const staff_member& member = page.members[i];
        const auto found =
            std::find_if(accounts.begin(), accounts.end(),
                         [&member](const staff_account& each) { return each.id == member.id; });
        staff_account nobody;
        nobody.id = member.id;
        proto::write_staff_line(list.next_item(), found != accounts.end() ? *found : nobody, member.role);
    }
    list.end(end < total ? std::to_string(end) : std::string());
    to.send(make_json(200, std::move(body)));
}

}  // namespace

void get_own_staff_account(call& in) {
    if (!query_reader(in).finish()) return;
    const later to = in.defer();
    in.app.people().staff_by_id(staff_id(in.who.id), [to](result<staff_account> account) {
        if (!account) {
            const errc code = to_errc(account.error());
            return to.fail(code == errc::not_found ? errc::unauthorized : code);
        }
        to.app().people().memberships_of(
            account->id, [to, account = *account](result<std::vector<staff_membership>> places) {
                if (!places) return to.fail(to_errc(places.error()));
                std::string body;
                proto::write_own_account(body, account, *places);
                to.send(make_json(200, std::move(body)));
            });
    });
}

void list_restaurant_staff(call& in) {
    query_reader query(in);
    staff_page page;
    page.limit =
        static_cast<std::size_t>(query.integer("limit", 1, limits::list_max).value_or(limits::list_default));
    page.from = static_cast<std::size_t>(
        query.integer("cursor", 0, limits::staff_per_restaurant + open_invitations_max).value_or(0));
    if (!query.finish()) return;
    page.members = in.view->config->staff;
    std::vector<staff_id> ids;
    for (const staff_member& each : page.members) ids.push_back(each.id);
    const later to = in.defer();
    const restaurant_id place = in.live->id;
    in.app.people().staff_accounts(
        std::move(ids), [to, place, page = std::move(page)](result<std::vector<staff_account>> accounts) {
            if (!accounts) return to.fail(to_errc(accounts.error()));
            to.app().people().invitations_of(
                place, to.app().wall_now(),
                [to, page, accounts = std::move(*accounts)](result<std::vector<staff_invitation>> invited) {
                    if (!invited) return to.fail(to_errc(invited.error()));
                    send_page(to, page, accounts, *invited);
                });
        });
}

void change_restaurant_staff(call& in) {
    const auto wanted = in.body(proto::parse_role_change);
    if (!wanted) return;
    const change_staff change{path_id<staff_id>(in.params[1]), wanted->role, false};
    const later to = in.defer();
    in.app.commands().submit(make_command(in, in.live->id, change), [to, change](command_outcome&& outcome) {
        if (!outcome.answer.ok()) return to.send(make_answer(outcome.answer, to.request_id()));
        to.app().people().staff_accounts({change.id}, [to, change](result<std::vector<staff_account>> of) {
            if (!of) return to.fail(to_errc(of.error()));
            if (of->empty()) return to.fail(errc::not_found);
            std::string body;
            proto::write_staff_line(body, of->front(), *change.role);
            to.send(make_json(200, std::move(body)));
        });
    });
}

void remove_restaurant_staff(call& in) {
    if (!query_reader(in).finish()) return;
    send_command(in, make_command(in, in.live->id,
                                  change_staff{path_id<staff_id>(in.params[1]), std::nullopt, false}));
}

}  // namespace qtable::net
