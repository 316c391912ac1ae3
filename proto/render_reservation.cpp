#include "proto/render_reservation.hpp"

#include "core/base/assert.hpp"
#include "proto/json_writer.hpp"

namespace qtable::proto {

namespace {

void write_members(json_writer& json, const reservation& value, const zone& where) {
    json.key("id").id(value.id);
    json.key("restaurant_id").id(value.restaurant);
    json.key("customer_id").id(value.customer);
    json.key("date").day(value.date);
    json.key("time").wall_time(value.minute);
    json.key("party_size").integer(value.party_size);
    json.key("status").text(to_string(value.status));
    json.key("special_requests");
    json.text_or_null(value.special_requests);
    json.key("table_id");
    value.tables.empty() ? json.null() : json.id(value.tables.front());
    json.key("table_ids").begin_array();
    for (const table_id& table : value.tables) json.id(table);
    json.end_array();
    json.key("created_at").utc(value.created_at);
    json.key("updated_at").utc(value.updated_at);
    json.key("starts_at").local(value.starts_at, where);
    json.key("ends_at").local(value.ends_at, where);
    json.key("confirmation_code").text(value.confirmation_code);
    json.key("checked_in_at");
    value.checked_in_at ? json.utc(*value.checked_in_at) : json.null();
    json.key("guest_id");
    json.id_or_null(value.guest);
    json.key("version").integer(value.version);
    if (value.running_late_min) json.key("running_late_minutes").integer(*value.running_late_min);
    if (value.late_flagged_at) json.key("late_flagged_at").utc(*value.late_flagged_at);
}

void write_customer_members(json_writer& json, std::string_view name, std::string_view phone) {
    json.key("customer_name");
    json.text_or_null(name);
    json.key("customer_phone");
    json.text_or_null(phone);
}

}  // namespace

void write_reservation(std::string& out, const reservation& value, const zone& where) {
    json_writer json(out);
    json.begin_object();
    write_members(json, value, where);
    json.end_object();
}

void write_staff_reservation(std::string& out, const reservation& value, const zone& where,
                             std::string_view customer_name, std::string_view customer_phone) {
    json_writer json(out);
    json.begin_object();
    write_members(json, value, where);
    write_customer_members(json, customer_name, customer_phone);
    json.end_object();
}

void append_customer(std::string& body, std::string_view customer_name, std::string_view customer_phone) {
    QTABLE_ASSERT(body.ends_with('}'));
    body.back() = ',';
    json_writer json(body);
    write_customer_members(json, customer_name, customer_phone);
    json.end_object();
}

void write_alternatives(std::string& out, std::span<const alternative> times) {
    json_writer json(out);
    json.begin_array();
    for (const alternative& time : times) {
        json.begin_object();
        json.key("date").day(time.date);
        json.key("time").wall_time(time.minute);
        json.key("starts_at").local(time.starts_at, time.offset_s);
        json.key("ends_at").local(time.ends_at, time.offset_s);
        json.end_object();
    }
    json.end_array();
}

}  // namespace qtable::proto
