#include <memory>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/diner_flow.hpp"
#include "net/api/diner_handlers.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/query_reader.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_diner.hpp"

namespace qtable::net {

namespace {

constexpr std::string_view folder = "/customer/waitlist";
constexpr std::string_view default_party_sizes = "1,2,3,4,5,6,7,8";

// Finds which restaurant the entry of the path is at.
void find_entry(call& in, std::function<void(const later& to, const guest_place& place)> found) {
    if (!query_reader(in).finish()) return;
    const later to = in.defer();
    in.app.records().guest_of_customer(customer_id(in.who.id), path_id<guest_id>(in.params[0]),
                                       [to, found = std::move(found)](result<guest_place> place) {
                                           if (!place) return to.fail(to_errc(place.error()));
                                           found(to, *place);
                                       });
}

void read_entry(const later& to, const actor& who, const guest_place& place) {
    to.app().commands().submit(make_command(who, to.app().wall_now(), place.restaurant,
                                            read_guest{place.guest, customer_id(who.id)}),
                               answer_to(to));
}

}  // namespace

void join_waitlist(call& in) {
    auto wanted = in.body(proto::parse_waitlist_request);
    if (!wanted) return;
    idempotency_key key = read_key(in, in.who.id, "POST /customer/waitlist");
    if (!key.is_valid || !in.app.admission().by_restaurant(in, wanted->restaurant)) return;
    wanted->command.id = new_id<guest_id>(in.now);
    wanted->command.customer = customer_id(in.who.id);
    auto entry = std::make_shared<add_guest>(std::move(wanted->command));
    auto envelope = std::make_shared<command_envelope>(make_command(in, wanted->restaurant, *entry));
    envelope->receipt = std::move(key.receipt);
    with_customer(in, [entry, envelope](const later& to, const customer_account& who) {
        entry->name = who.first_name + ' ' + who.last_name;
        entry->phone = who.phone;
        envelope->body = std::move(*entry);
        to.app().commands().submit(std::move(*envelope), [to](command_outcome&& outcome) {
            put_location(outcome.answer, folder);
            answer_to(to)(std::move(outcome));
        });
    });
}

void list_waitlist_entries(call& in) {
    if (!query_reader(in).finish()) return;
    const customer_id customer(in.who.id);
    const later to = in.defer();
    in.app.records().open_guests_of(
        customer, [to, customer, who = in.who](result<std::vector<guest_place>> places) {
            if (!places) return to.fail(to_errc(places.error()));
            std::vector<command_envelope> questions;
            for (const guest_place& each : *places) {
                questions.push_back(make_command(who, to.app().wall_now(), each.restaurant,
                                                 read_guest{each.guest, customer}));
            }
            gather(to.app(), std::move(questions),
                   [to](std::vector<reply>&& answers) { send_gathered(to, answers); });
        });
}

void get_waitlist_entry(call& in) {
    find_entry(in, [who = in.who](const later& to, const guest_place& place) { read_entry(to, who, place); });
}

void leave_waitlist(call& in) {
    serve_guest wanted;
    wanted.to = guest_status::left;
    wanted.customer = customer_id(in.who.id);
    wanted.if_version = in.if_match();
    find_entry(in, [who = in.who, wanted](const later& to, const guest_place& place) {
        serve_guest leaving = wanted;
        leaving.id = place.guest;
        to.app().commands().submit(
            make_command(who, to.app().wall_now(), place.restaurant, std::move(leaving)),
            [to, who, place](command_outcome&& outcome) {
                // Again: the same answer.
                if (outcome.answer.code == errc::illegal_transition &&
                    outcome.answer.current_guest == guest_status::left)
                    return read_entry(to, who, place);
                answer_to(to)(std::move(outcome));
            });
    });
}

void get_wait_estimates(call& in) {
    query_reader query(in);
    read_wait_quotes wanted;
    wanted.party_sizes =
        proto::parse_party_sizes(query.text("party_size", limits::url_chars).value_or(default_party_sizes));
    if (wanted.party_sizes.empty()) {
        query.error("party_size", "must be party sizes from 1 to " + std::to_string(limits::party_size_max) +
                                      " with commas, at most " + std::to_string(limits::wait_quote_sizes));
    }
    if (!query.finish()) return;
    const later to = in.defer();
    in.app.commands().submit(make_command(in, in.live->id, std::move(wanted)),
                             [to](command_outcome&& outcome) {
                                 response answer = make_answer(outcome.answer, to.request_id());
                                 if (outcome.answer.ok()) answer.header("Cache-Control", "max-age=5");
                                 if (outcome.answer.ok() && to.app().is_degraded())
                                     answer.header("QTable-Degraded", "db");
                                 to.send(std::move(answer));
                             });
}

}  // namespace qtable::net
