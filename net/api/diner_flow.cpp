#include "net/api/diner_flow.hpp"

#include <memory>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/query_reader.hpp"
#include "proto/parse_diner.hpp"
#include "proto/render_list.hpp"
#include "proto/render_reservation.hpp"

namespace qtable::net {

namespace {

// It is there, and the owner has to know it: who is told otherwise would think that it is gone.
void submit_again(const later& to, const command_envelope& command) {
    to.app().commands().submit_known(command_envelope(command), [to](command_outcome&& outcome) {
        if (outcome.answer.code == errc::not_found) return to.fail(errc::database_unavailable);
        answer_to(to)(std::move(outcome));
    });
}

// The owner doesn't hold it: its day is over, it is long cancelled, or another node made it a moment ago.
void answer_from_database(const later& to, const customer_id& customer, const reservation_id& id,
                          std::shared_ptr<const command_envelope> command, bool is_cancellation) {
    to.app().records().reservation_of_customer(
        customer, id, [to, command = std::move(command), is_cancellation](result<listed_reservation> found) {
            if (!found) return to.fail(to_errc(found.error()));
            const reservation& what = found->what;
            if (what.status == reservation_status::confirmed && !is_history(what, to.app().wall_now()))
                return submit_again(to, *command);
            const auto where = to.app().shared().zones(found->timezone);
            if (is_cancellation && what.status == reservation_status::cancelled && where != nullptr) {
                std::string body;
                proto::write_reservation(body, what, *where);
                return to.send(make_json(200, std::move(body), what.version));
            }
            reply refused;
            refused.code = errc::cutoff_passed;
            if (what.status != reservation_status::confirmed) {
                refused.code = errc::illegal_transition;
                refused.current = what.status;
            }
            to.send(make_answer(refused, to.request_id()));
        });
}

}  // namespace

bool is_history(const reservation& what, instant now) {
    return what.ends_at.plus_minutes(std::int64_t{2} * minutes_per_day) < now;
}

void with_customer(call& in, std::function<void(const later&, const customer_account&)> go_on) {
    const later to = in.defer();
    in.app.people().customer_by_id(customer_id(in.who.id), [to, go_on](result<customer_account> account) {
        if (!account) return to.fail(to_errc(account.error()));
        if (to.app().options().require_verified_email && !account->email_verified)
            return to.fail(errc::email_not_verified);
        go_on(to, *account);
    });
}

void when_verified(call& in, std::function<void(const later&)> go_on) {
    if (!in.app.options().require_verified_email) return go_on(in.defer());
    with_customer(in, [go_on](const later& to, const customer_account&) { go_on(to); });
}

void send_about_reservation(call& in, command_body wanted) {
    const bool is_cancellation = std::holds_alternative<cancel_reservation>(wanted);
    auto envelope = std::make_shared<command_envelope>(make_command(in, restaurant_id{}, std::move(wanted)));
    const customer_id customer(in.who.id);
    const auto id = path_id<reservation_id>(in.params[0]);
    const later to = in.defer();
    in.app.people().restaurant_of(
        customer, id, [to, envelope, customer, id, is_cancellation](result<restaurant_id> restaurant) {
            if (!restaurant) return to.fail(to_errc(restaurant.error()));
            envelope->restaurant = *restaurant;
            to.app().commands().submit(
                command_envelope(*envelope),
                [to, customer, id, envelope, is_cancellation](command_outcome&& outcome) {
                    if (outcome.answer.code == errc::not_found)
                        return answer_from_database(to, customer, id, envelope, is_cancellation);
                    answer_to(to)(std::move(outcome));
                });
        });
}

void gather(app_core& app, std::vector<command_envelope>&& questions,
            std::function<void(std::vector<reply>&&)> done) {
    if (questions.empty()) return done({});
    struct round {
        std::vector<reply> answers;
        std::size_t left = 0;
        std::function<void(std::vector<reply>&&)> done;
    };
    auto shared = std::make_shared<round>();
    shared->answers.resize(questions.size());
    shared->left = questions.size();
    shared->done = std::move(done);
    for (std::size_t i = 0; i < questions.size(); ++i) {
        app.commands().submit_anywhere(std::move(questions[i]), [shared, i](command_outcome&& outcome) {
            shared->answers[i] = std::move(outcome.answer);
            if (--shared->left == 0) shared->done(std::move(shared->answers));
        });
    }
}

void send_gathered(const later& to, const std::vector<reply>& answers) {
    std::string body;
    proto::list_writer list(body);
    for (const reply& each : answers) {
        if (each.code == errc::not_found) continue;
        if (!each.ok()) return to.send(make_answer(each, to.request_id()));
        list.next_item() += each.body;
    }
    list.end();
    to.send(make_json(200, std::move(body)));
}

void put_location(reply& made, std::string_view folder) {
    const std::size_t last = made.location.rfind('/');
    if (last == std::string::npos) return;
    made.location = std::string(folder) + made.location.substr(last);
}

bool has_nothing_to_say(call& in) {
    if (in.in.body.empty()) return query_reader(in).finish();
    return in.body(proto::parse_nothing).has_value();
}

}  // namespace qtable::net
