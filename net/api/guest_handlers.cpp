// Guests: walk-ins and the waitlist, from the door to the table and out.
#include <utility>

#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"
#include "net/api/diner_flow.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/service_flow.hpp"
#include "net/api/service_handlers.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_service.hpp"

namespace qtable::net {

namespace {

void serve(call& in, serve_guest wanted) {
    wanted.id = path_id<guest_id>(in.params[1]);
    wanted.if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, std::move(wanted)));
}

void serve_to(call& in, guest_status status) {
    if (!has_nothing_to_say(in)) return;
    serve_guest wanted;
    wanted.to = status;
    serve(in, std::move(wanted));
}

}  // namespace

void list_guests(call& in) {
    query_reader query(in);
    read_guests wanted;
    if (const auto word = query.text("status", limits::label_chars)) {
        wanted.status = parse_guest_status(*word);
        if (!wanted.status) {
            query.error("status", "must be waiting, notified, seated, completed, left or no_show");
        }
    }
    wanted.limit =
        static_cast<int>(query.integer("limit", 1, limits::list_max).value_or(limits::list_default));
    if (const auto cursor = query.text("cursor", 200)) {
        wanted.after = guest_id::parse(*cursor);
        if (!wanted.after) query.error("cursor", "is not one that this server gave");
    }
    if (!query.finish()) return;
    send_command(in, make_command(in, in.live->id, wanted));
}

void add_guest_to_floor(call& in) {
    auto wanted = in.body(proto::parse_new_guest);
    if (!wanted) return;
    wanted->id = new_id<guest_id>(in.now);
    send_creating_command(in, make_command(in, in.live->id, std::move(*wanted)),
                          "POST /restaurants/guests " + to_string(in.live->id));
}

void get_guest(call& in) {
    if (!query_reader(in).finish()) return;
    read_guest wanted;
    wanted.id = path_id<guest_id>(in.params[1]);
    send_command(in, make_command(in, in.live->id, wanted));
}

void put_guest(call& in) {
    auto wanted = in.body(proto::parse_guest_change);
    if (!wanted) return;
    wanted->id = path_id<guest_id>(in.params[1]);
    wanted->if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, std::move(*wanted)));
}

void delete_guest(call& in) {
    if (!query_reader(in).finish()) return;
    remove_guest wanted;
    wanted.id = path_id<guest_id>(in.params[1]);
    wanted.if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, wanted));
}

void notify_guest(call& in) {
    serve_to(in, guest_status::notified);
}

void seat_guest(call& in) {
    auto said = optional_body(in, proto::parse_seating);
    if (!said) return;
    serve_guest wanted;
    wanted.to = guest_status::seated;
    wanted.where = std::move(said->where);
    wanted.stay_min = said->stay_min;
    wanted.overrides = said->overrides;
    serve(in, std::move(wanted));
}

void complete_guest(call& in) {
    serve_to(in, guest_status::completed);
}

void mark_guest_left(call& in) {
    serve_to(in, guest_status::left);
}

void mark_guest_no_show(call& in) {
    serve_to(in, guest_status::no_show);
}

}  // namespace qtable::net
