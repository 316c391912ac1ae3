#include <algorithm>
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

constexpr std::string_view folder = "/customer/holds";

// Answers once the customer's home core remembers where the hold is, so that the next request finds it.
void remember_and_answer(const later& to, const customer_id& customer, const restaurant_id& restaurant,
                         command_outcome&& outcome) {
    put_location(outcome.answer, folder);
    const std::size_t last = outcome.answer.location.rfind('/');
    const auto id = hold_id::parse(std::string_view(outcome.answer.location).substr(last + 1));
    if (!outcome.answer.ok() || !id) return answer_to(to)(std::move(outcome));
    app_core& here = to.app();
    app_core& home = here.peer(here.home_of(customer));
    here.cores().post(home.index(), [&here, &home, to, customer, restaurant, hold = *id,
                                     moved = std::move(outcome)]() mutable {
        home.holds().put(customer, hold, restaurant, home.wall_now());
        home.cores().post(here.index(),
                          [to, back = std::move(moved)]() mutable { answer_to(to)(std::move(back)); });
    });
}

// Where the customer's holds may be.
void find_places(const later& to, const customer_id& customer,
                 std::function<void(std::vector<hold_place>&&)> found) {
    app_core& here = to.app();
    app_core& home = here.peer(here.home_of(customer));
    here.cores().post(home.index(), [&here, &home, customer, found = std::move(found)]() mutable {
        home.cores().post(here.index(), [places = home.holds().of(customer, home.wall_now()),
                                         found = std::move(found)]() mutable { found(std::move(places)); });
    });
}

// A command about the hold of the path, to the owner that has it.
void send_about_hold(call& in, command_body wanted) {
    if (!query_reader(in).finish()) return;
    const auto id = path_id<hold_id>(in.params[0]);
    auto envelope = std::make_shared<command_envelope>(make_command(in, restaurant_id{}, std::move(wanted)));
    const later to = in.defer();
    find_places(to, customer_id(in.who.id), [to, id, envelope](std::vector<hold_place>&& places) {
        const auto place = std::find_if(places.begin(), places.end(),
                                        [&id](const hold_place& each) { return each.hold == id; });
        if (place == places.end()) return to.fail(errc::not_found);
        envelope->restaurant = place->restaurant;
        to.app().commands().submit(std::move(*envelope), answer_to(to));
    });
}

}  // namespace

void create_customer_hold(call& in) {
    auto wanted = in.body(proto::parse_hold_request);
    if (!wanted) return;
    idempotency_key key = read_key(in, in.who.id, "POST /customer/holds");
    if (!key.is_valid || !in.app.admission().by_restaurant(in, wanted->restaurant)) return;
    const customer_id customer(in.who.id);
    wanted->command.id = new_id<hold_id>(in.now);
    wanted->command.customer = customer;
    wanted->command.lasts_ms = in.app.options().hold_ms;
    const restaurant_id restaurant = wanted->restaurant;
    auto envelope = std::make_shared<command_envelope>(make_command(in, restaurant, wanted->command));
    envelope->receipt = std::move(key.receipt);
    when_verified(in, [envelope, customer, restaurant](const later& to) {
        to.app().commands().submit(std::move(*envelope),
                                   [to, customer, restaurant](command_outcome&& outcome) {
                                       remember_and_answer(to, customer, restaurant, std::move(outcome));
                                   });
    });
}

void list_customer_holds(call& in) {
    if (!query_reader(in).finish()) return;
    const customer_id customer(in.who.id);
    const later to = in.defer();
    find_places(to, customer, [to, customer, who = in.who](std::vector<hold_place>&& places) {
        std::vector<command_envelope> questions;
        std::reverse(places.begin(), places.end());  // newest first
        for (const hold_place& each : places) {
            questions.push_back(
                make_command(who, to.app().wall_now(), each.restaurant, read_holds{customer, each.hold}));
        }
        gather(to.app(), std::move(questions),
               [to](std::vector<reply>&& answers) { send_gathered(to, answers); });
    });
}

void get_customer_hold(call& in) {
    send_about_hold(in, read_holds{customer_id(in.who.id), path_id<hold_id>(in.params[0])});
}

void release_customer_hold(call& in) {
    send_about_hold(in, release_hold{path_id<hold_id>(in.params[0]), customer_id(in.who.id)});
}

}  // namespace qtable::net
