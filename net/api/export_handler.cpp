#include <memory>
#include <utility>
#include <vector>

#include "net/api/account_handlers.hpp"
#include "net/api/app_core.hpp"
#include "net/api/own_account.hpp"
#include "net/api/query_reader.hpp"
#include "proto/render_export.hpp"

namespace qtable::net {

namespace {

// Gathers page by page, so that no other question waits behind a long one.
struct gathering {
    later to;
    customer_account account;
    customer_holdings held;
    std::vector<listed_reservation> reservations;
};

void send_export(const gathering& all, bool is_complete) {
    const app_core& app = all.to.app();
    const auto is_full = [](std::size_t rows) { return rows >= static_cast<std::size_t>(held_rows_max); };
    is_complete = is_complete && !is_full(all.held.sessions.size()) && !is_full(all.held.guests.size()) &&
                  !is_full(all.held.reviews.size());
    std::string body;
    proto::write_export(body, {app.wall_now(), all.account, all.reservations, all.held, is_complete},
                        all.to.app().shared().zones);
    response answer = make_json(200, std::move(body));
    answer.header("Cache-Control", "no-store");
    answer.header("Content-Disposition", "attachment; filename=\"qtable-export.json\"");
    all.to.send(std::move(answer));
}

void read_next_page(const std::shared_ptr<gathering>& all) {
    reservation_query query;
    query.customer = all->account.id;
    query.limit = limits::list_max;
    if (!all->reservations.empty()) {
        const reservation& last = all->reservations.back().what;
        query.after = list_cursor{last.starts_at, last.id};
    }
    all->to.app().people().list_reservations(
        std::move(query), [all](result<std::vector<listed_reservation>> page) {
            if (!page) return all->to.fail(to_errc(page.error()));
            const bool is_last = page->size() < static_cast<std::size_t>(limits::list_max);
            for (listed_reservation& each : *page) all->reservations.push_back(std::move(each));
            const bool is_full = all->reservations.size() >= static_cast<std::size_t>(held_rows_max);
            if (is_last || is_full) return send_export(*all, is_last);
            read_next_page(all);
        });
}

}  // namespace

void export_own_customer(call& in) {
    if (!query_reader(in).finish()) return;
    const later to = in.defer();
    in.app.people().customer_by_id(customer_id(in.who.id), [to](result<customer_account> account) {
        if (!account) return fail_of_account(to, account.error());
        to.app().people().holdings_of(account->id, [to, account = *account](result<customer_holdings> held) {
            if (!held) return to.fail(to_errc(held.error()));
            read_next_page(std::make_shared<gathering>(gathering{to, account, std::move(*held), {}}));
        });
    });
}

}  // namespace qtable::net
