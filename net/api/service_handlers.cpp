// What staff do to reservations in the evening: move them, seat them, end them.
#include "net/api/service_handlers.hpp"

#include <memory>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/diner_flow.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/service_flow.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_service.hpp"
#include "proto/render_reservation.hpp"

namespace qtable::net {

namespace {

// What became of it, as staff see it: with who comes.
void answer_service(const later& to, const listed_reservation& before, command_outcome&& outcome) {
    reply& answer = outcome.answer;
    if (answer.code == errc::not_found && is_history(before.what, to.app().wall_now())) {
        answer.code = errc::cutoff_passed;
    }
    if (answer.ok()) proto::append_customer(answer.body, before.customer_name, before.customer_phone);
    answer_to(to)(std::move(outcome));
}

// The guest that seating makes bears the customer's name, which is in the database.
void serve(call& in, serve_reservation wanted) {
    wanted.id = path_id<reservation_id>(in.params[1]);
    wanted.if_version = in.if_match();
    wanted.guest = new_id<guest_id>(in.now);
    const reservation_id id = wanted.id;
    auto envelope = std::make_shared<command_envelope>(make_command(in, in.live->id, std::move(wanted)));
    const later to = in.defer();
    in.app.records().reservation_at(in.live->id, id, [to, envelope](const result<listed_reservation>& found) {
        if (!found) return to.fail(to_errc(found.error()));
        auto& command = std::get<serve_reservation>(envelope->body);
        command.guest_name = found->customer_name;
        command.guest_phone = found->customer_phone;
        command_done done = [to, before = *found](command_outcome&& outcome) {
            answer_service(to, before, std::move(outcome));
        };
        command_path& commands = to.app().commands();
        if (is_history(found->what, to.app().wall_now()))
            return commands.submit(std::move(*envelope), std::move(done));
        commands.submit_known(std::move(*envelope), std::move(done));
    });
}

void serve_to(call& in, reservation_status status) {
    if (!has_nothing_to_say(in)) return;
    serve_reservation wanted;
    wanted.to = status;
    serve(in, std::move(wanted));
}

serve_reservation with_seating(proto::seating&& said) {
    serve_reservation made;
    made.where = std::move(said.where);
    made.stay_min = said.stay_min;
    made.overrides = said.overrides;
    return made;
}

}  // namespace

void get_restaurant_reservation(call& in) {
    if (!query_reader(in).finish()) return;
    const auto id = path_id<reservation_id>(in.params[1]);
    const later to = in.defer();
    in.app.records().reservation_at(
        in.live->id, id, [to, known = known_versions(in.in)](const result<listed_reservation>& found) {
            if (!found) return to.fail(to_errc(found.error()));
            const auto where = to.app().shared().zones(found->timezone);
            if (where == nullptr)
                return to.fail(errc::not_found);  // written by a server that knew more zones
            std::string body;
            proto::write_staff_reservation(body, found->what, *where, found->customer_name,
                                           found->customer_phone);
            to.send(make_versioned(known, std::move(body), found->what.version));
        });
}

void change_restaurant_reservation(call& in) {
    auto wanted = in.body(proto::parse_reservation_service);
    if (wanted) serve(in, std::move(*wanted));
}

void seat_reservation(call& in) {
    auto said = optional_body(in, proto::parse_seating);
    if (!said) return;
    serve_reservation wanted = with_seating(std::move(*said));
    wanted.to = reservation_status::seated;
    serve(in, std::move(wanted));
}

void complete_reservation(call& in) {
    serve_to(in, reservation_status::completed);
}

void mark_no_show(call& in) {
    serve_to(in, reservation_status::no_show);
}

void assign_reservation(call& in) {
    auto said = in.body(proto::parse_assignment);
    if (said) serve(in, with_seating(std::move(*said)));
}

}  // namespace qtable::net
