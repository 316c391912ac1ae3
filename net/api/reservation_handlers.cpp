#include <memory>
#include <utility>

#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"
#include "net/api/diner_flow.hpp"
#include "net/api/handlers.hpp"
#include "net/api/keyed_request.hpp"
#include "net/api/query_reader.hpp"
#include "net/auth/random.hpp"
#include "proto/cursor.hpp"
#include "proto/parse_reservation.hpp"
#include "proto/render_list.hpp"
#include "proto/render_reservation.hpp"

namespace qtable::net {

namespace {

void read_page(query_reader& query, reservation_query& wanted) {
    wanted.limit =
        static_cast<int>(query.integer("limit", 1, limits::list_max).value_or(limits::list_default));
    const auto text = query.text("cursor", 200);
    if (!text) return;
    if (const auto cursor = proto::decode_instant_cursor(*text)) {
        wanted.after = list_cursor{cursor->at, reservation_id(cursor->id)};
    } else {
        query.error("cursor", "is not one that this server gave");
    }
}

void read_status(query_reader& query, reservation_query& wanted) {
    const auto text = query.text("status", limits::label_chars);
    if (!text) return;
    wanted.status = parse_reservation_status(*text);
    if (!wanted.status) query.error("status", "must be confirmed, cancelled, seated, completed or no_show");
}

// For staff each line also says who comes.
void write_line(std::string& out, const listed_reservation& each, const zone& where, bool is_for_staff) {
    if (!is_for_staff) return proto::write_reservation(out, each.what, where);
    proto::write_staff_reservation(out, each.what, where, each.customer_name, each.customer_phone);
}

void send_list(const later& to, std::vector<listed_reservation>&& lines, std::size_t limit,
               bool is_for_staff) {
    std::string body, next;
    if (lines.size() > limit) {
        lines.resize(limit);
        next = proto::encode_cursor(proto::instant_cursor{lines.back().what.starts_at, lines.back().what.id});
    }
    proto::list_writer list(body);
    for (const listed_reservation& each : lines) {
        const auto where = to.app().shared().zones(each.timezone);
        if (where == nullptr) continue;  // written by a server that knew more zones
        write_line(list.next_item(), each, *where, is_for_staff);
    }
    list.end(next);
    to.send(make_json(200, std::move(body)));
}

void send_query(call& in, reservation_query wanted, bool is_for_staff) {
    const auto limit = static_cast<std::size_t>(wanted.limit);
    ++wanted.limit;  // one more tells whether there is a next page
    const later to = in.defer();
    in.app.people().list_reservations(
        std::move(wanted), [to, limit, is_for_staff](result<std::vector<listed_reservation>> lines) {
            if (!lines) return to.fail(to_errc(lines.error()));
            send_list(to, std::move(*lines), limit, is_for_staff);
        });
}

// What a change of the path's reservation has besides its body.
template <class Command>
void send_change(call& in, Command wanted) {
    wanted.id = path_id<reservation_id>(in.params[0]);
    wanted.customer = customer_id(in.who.id);
    wanted.if_version = in.if_match();
    send_about_reservation(in, std::move(wanted));
}

void create_now(app_core& app, command_envelope&& what, std::size_t most, const later& to) {
    const customer_id customer(what.by.id);
    app.commands().submit_booking(std::move(what), customer, most, [to](command_outcome&& outcome) {
        app_metrics& metrics = to.app().metrics();
        if (outcome.answer.ok() && !outcome.is_replay) metrics.reservations_created.add();
        if (!outcome.answer.ok()) metrics.reservations_refused.add();
        answer_to(to)(std::move(outcome));
    });
}

}  // namespace

void create_customer_reservation(call& in) {
    auto wanted = in.body(proto::parse_reservation_request);
    if (!wanted) return;
    idempotency_key key = read_key(in, in.who.id, "POST /customer/reservations");
    if (!key.is_valid || !in.app.admission().by_restaurant(in, wanted->restaurant)) return;
    wanted->command.id = new_id<reservation_id>(in.now);
    wanted->command.customer = customer_id(in.who.id);
    wanted->command.confirmation_code = new_confirmation_code();
    command_envelope envelope = make_command(in, wanted->restaurant, std::move(wanted->command));
    envelope.receipt = std::move(key.receipt);
    auto kept = std::make_shared<command_envelope>(std::move(envelope));
    const std::size_t most = in.app.admission().bookings_cap(in);
    when_verified(in, [kept, most](const later& to) { create_now(to.app(), std::move(*kept), most, to); });
}

void list_customer_reservations(call& in) {
    query_reader query(in);
    reservation_query wanted;
    wanted.customer = customer_id(in.who.id);
    read_status(query, wanted);
    wanted.from = query.calendar_date("from");
    wanted.to = query.calendar_date("to");
    read_page(query, wanted);
    if (query.finish()) send_query(in, std::move(wanted), false);
}

void change_customer_reservation(call& in) {
    auto wanted = in.body(proto::parse_reservation_change);
    if (!wanted) return;
    in.app.metrics().reservations_changed.add();
    send_change(in, std::move(*wanted));
}

void cancel_customer_reservation(call& in) {
    if (!query_reader(in).finish()) return;
    in.app.metrics().reservations_cancelled.add();
    send_change(in, cancel_reservation{});
}

void list_restaurant_reservations(call& in) {
    query_reader query(in);
    reservation_query wanted;
    wanted.restaurant = in.live->id;
    read_status(query, wanted);
    wanted.on = query.calendar_date("date");
    read_page(query, wanted);
    if (query.finish()) send_query(in, std::move(wanted), true);
}

}  // namespace qtable::net
