#include "proto/render_guest.hpp"

#include "proto/json_writer.hpp"
#include "proto/render_list.hpp"

namespace qtable::proto {

namespace {

// What a waiting party is told: all null when there is nothing to tell, the range alone when no honest one
// can be given.
void write_wait_members(json_writer& json, const wait_estimate* wait) {
    const bool has_range = wait != nullptr && wait->wait.has_value();
    json.key("estimated_wait_minutes");
    has_range ? json.integer(wait->wait->p50_min) : json.null();
    json.key("wait");
    if (has_range) {
        json.begin_object().key("p10_minutes").integer(wait->wait->p10_min);
        json.key("p50_minutes").integer(wait->wait->p50_min);
        json.key("p90_minutes").integer(wait->wait->p90_min).end_object();
    } else {
        json.null();
    }
    json.key("parties_ahead");
    wait != nullptr ? json.integer(wait->parties_ahead) : json.null();
    json.key("position");
    wait != nullptr ? json.integer(wait->position) : json.null();
}

}  // namespace

void write_guest(std::string& out, const restaurant_id& restaurant, const guest& value,
                 const wait_estimate* wait) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(value.id);
    json.key("restaurant_id").id(restaurant);
    json.key("name").text(value.name);
    json.key("phone");
    json.text_or_null(value.phone);
    json.key("party_size").integer(value.party_size);
    json.key("source").text(to_string(value.source));
    json.key("reservation_id");
    json.id_or_null(value.reservation);
    json.key("customer_id");
    json.id_or_null(value.customer);
    json.key("status").text(to_string(value.status));
    json.key("table_ids").begin_array();
    for (const table_id& table : value.tables) json.id(table);
    json.end_array();
    json.key("quoted_minutes");
    value.quoted_min ? json.integer(*value.quoted_min) : json.null();
    write_wait_members(json, wait);
    json.key("notes");
    json.text_or_null(value.notes);
    json.key("created_at").utc(value.created_at);
    json.key("updated_at").utc(value.updated_at);
    json.key("notified_at");
    json.utc_or_null(value.notified_at);
    json.key("seated_at");
    json.utc_or_null(value.seated_at);
    json.key("left_at");
    json.utc_or_null(value.left_at);
    json.key("version").integer(value.version);
    json.end_object();
}

void write_guests(std::string& out, const restaurant_id& restaurant, std::span<const guest_line> lines,
                  const std::optional<guest_id>& next) {
    list_writer list(out);
    for (const guest_line& each : lines) {
        write_guest(list.next_item(), restaurant, *each.who, each.wait ? &*each.wait : nullptr);
    }
    list.end(next ? to_string(*next) : std::string());
}

void write_hold(std::string& out, const hold& value, const zone& where) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(value.id);
    json.key("restaurant_id").id(value.restaurant);
    json.key("customer_id").id(value.customer);
    json.key("date").day(value.date);
    json.key("time").wall_time(value.minute);
    json.key("party_size").integer(value.party_size);
    json.key("table_ids").begin_array();
    for (const table_id& table : value.tables) json.id(table);
    json.end_array();
    json.key("starts_at").local(value.starts_at, where);
    json.key("ends_at").local(value.ends_at, where);
    json.key("created_at").utc(value.created_at);
    json.key("expires_at").utc(value.expires_at);
    json.end_object();
}

void write_wait_quotes(std::string& out, const restaurant_id& restaurant, instant at,
                       std::span<const wait_quote> quotes) {
    json_writer json(out);
    json.begin_object();
    json.key("restaurant_id").id(restaurant);
    json.key("at").utc(at);
    json.key("items").begin_array();
    for (const wait_quote& each : quotes) {
        json.begin_object().key("party_size").integer(each.party_size);
        write_wait_members(json, &each.wait);
        json.end_object();
    }
    json.end_array().end_object();
}

}  // namespace qtable::proto
