#include "proto/render_export.hpp"

#include "proto/json_writer.hpp"
#include "proto/render_account.hpp"
#include "proto/render_guest.hpp"
#include "proto/render_reservation.hpp"

namespace qtable::proto {

namespace {

void write_session(std::string& out, const held_session& value) {
    json_writer json(out);
    json.begin_object();
    json.key("created_at").utc(value.created_at);
    json.key("renewed_at").utc(value.renewed_at);
    json.key("ended_at");
    value.ended_at ? json.utc(*value.ended_at) : json.null();
    json.end_object();
}

void write_own_review(std::string& out, const review& value) {
    json_writer json(out);
    json.begin_object();
    json.key("reservation_id").id(value.reservation);
    json.key("restaurant_id").id(value.restaurant);
    json.key("rating").integer(value.rating);
    json.key("text");
    value.text.empty() ? json.null() : json.text(value.text);
    json.key("created_at").utc(value.created_at);
    json.end_object();
}

}  // namespace

void write_export(std::string& out, const customer_export& value,
                  const std::function<std::shared_ptr<const zone>(std::string_view)>& zones) {
    json_writer json(out);
    json.begin_object();
    json.key("exported_at").utc(value.at);
    json.key("is_complete").boolean(value.is_complete);
    write_customer(json.key("account").begin_value(), value.account);
    json.key("sessions").begin_array();
    for (const held_session& each : value.held.sessions) write_session(json.begin_value(), each);
    json.end_array();
    json.key("reservations").begin_array();
    for (const listed_reservation& each : value.reservations) {
        const auto where = zones(each.timezone);
        write_reservation(json.begin_value(), each.what, where != nullptr ? *where : zone::utc());
    }
    json.end_array();
    json.key("guests").begin_array();
    for (const held_guest& each : value.held.guests)
        write_guest(json.begin_value(), each.restaurant, each.what, nullptr);
    json.end_array();
    json.key("reviews").begin_array();
    for (const review& each : value.held.reviews) write_own_review(json.begin_value(), each);
    json.end_array();
    json.end_object();
}

}  // namespace qtable::proto
