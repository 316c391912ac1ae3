#include "proto/render_activity.hpp"

#include <algorithm>

#include "core/base/assert.hpp"
#include "proto/json_reader.hpp"
#include "proto/json_writer.hpp"
#include "proto/render_event.hpp"
#include "proto/render_restaurant.hpp"
#include "proto/render_settings.hpp"

namespace qtable::proto {

namespace {

std::string_view word_of(actor::kind kind) noexcept {
    switch (kind) {
        case actor::kind::customer:
            return "customer";
        case actor::kind::staff:
            return "staff";
        case actor::kind::system:
            break;
    }
    return "system";
}

void id_or_null(json_writer& json, const uuid& value) {
    value.is_nil() ? json.null() : json.id(value);
}

void write_overrides(json_writer& json, std::string_view words) {
    json.key("overrides").begin_array();
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(','), words.size());
        json.text(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    json.end_array();
}

// What of a logged thing tells whose change it is.
struct logged_thing {
    uuid id;
    uuid customer;
    bool is_deleted = false;
};

logged_thing thing_of(std::string_view data) {
    json_scratch scratch;
    input_errors errors;
    logged_thing found;
    const json_value* root = parse_json(data, scratch, errors);
    if (root == nullptr) return found;
    object_reader in(*root, errors);
    found.id = in.identifier<table_id>("id", presence::nullable).value_or({});
    found.customer = in.identifier<customer_id>("customer_id", presence::nullable).value_or({});
    found.is_deleted = in.boolean("deleted", presence::optional).value_or(false);
    return found;
}

void put(std::map<uuid, std::string>& to, std::set<uuid>& gone, const logged_thing& what,
         const std::string& data) {
    if (what.is_deleted) {
        to.erase(what.id);
        gone.insert(what.id);
    } else {
        gone.erase(what.id);
        to.insert_or_assign(what.id, data);
    }
}

void write_all(json_writer& json, std::string_view name, const std::map<uuid, std::string>& things) {
    json.key(name).begin_array();
    for (const auto& [id, text] : things) json.raw(text);
    json.end_array();
}

void write_ids(json_writer& json, std::string_view name, const std::set<uuid>& ids) {
    json.key(name).begin_array();
    for (const uuid& id : ids) json.id(id);
    json.end_array();
}

}  // namespace

void write_activity(std::string& out, const activity_line& line) {
    const logged_event& row = line.what;
    json_writer json(out);
    json.begin_object().key("seq").integer(row.seq).key("at").utc(row.at);
    json.key("type").text(to_string(row.type)).key("action").text(row.action);
    json.key("actor").begin_object().key("kind").text(word_of(row.by.what)).key("id");
    id_or_null(json, row.by.id);
    json.key("name");
    line.actor_name.empty() ? json.null() : json.text(line.actor_name);
    json.end_object().key("subject_id");
    id_or_null(json, row.subject);
    write_overrides(json, row.overrides);
    json.end_object();
}

void log_changes::add(const logged_event& row) {
    seq = row.seq;
    switch (row.type) {
        case event_type::customer_reservation_received:
        case event_type::customer_reservation_updated:
        case event_type::customer_reservation_cancelled:
        case event_type::customer_checked_in: {
            const logged_thing what = thing_of(row.data);
            reservations.insert_or_assign(what.id, row.data);
            if (!what.customer.is_nil()) customers.insert(what.customer);
            break;
        }
        case event_type::guest_created:
        case event_type::guest_updated:
        case event_type::guest_deleted:  // {"id", "deleted": true}
            put(guests, deleted_guests, thing_of(row.data), row.data);
            break;
        case event_type::table_updated:
            put(tables, deleted_tables, thing_of(row.data), row.data);
            break;
        case event_type::settings_changed:
            config = row.data;
            break;
        case event_type::availability_updated: {
            const auto window = parse_window(row.data);
            if (window && *window) {
                availability_dates.insert((*window)->date);
            } else {
                has_all_availability_changed = true;
            }
            break;
        }
        case event_type::count_:
            break;
    }
}

void write_changes(std::string& out, const log_changes& changes) {
    json_writer json(out);
    json.begin_object().key("restaurant_id").id(changes.restaurant);
    write_epoch(json, changes.epoch);
    json.key("seq").integer(changes.seq);
    json.key("resync_required").boolean(changes.is_resync_required);
    json.key("has_more").boolean(changes.has_more);
    write_all(json, "tables", changes.tables);
    write_all(json, "guests", changes.guests);
    write_all(json, "reservations", changes.reservations);
    json.key("slots").begin_array();
    for (const slot& each : changes.slots) write_slot(json.begin_value(), changes.restaurant, each);
    json.end_array();
    const bool is_configured = !changes.config.empty();
    json.key("restaurant");
    is_configured ? json.raw(changes.config) : json.null();
    json.key("combinations");
    if (is_configured) {
        json.begin_array();
        for (const table_combination& each : changes.combinations)
            write_combination(json.begin_value(), each);
        json.end_array();
    } else {
        json.null();
    }
    json.key("deleted").begin_object();
    write_ids(json, "tables", changes.deleted_tables);
    write_ids(json, "guests", changes.deleted_guests);
    json.end_object().key("availability_changed").begin_object();
    json.key("all").boolean(changes.has_all_availability_changed).key("dates").begin_array();
    for (const date& each : changes.availability_dates) json.day(each);
    json.end_array().end_object().end_object();
}

void append_customers(std::string& body, std::span<const person_name> people) {
    QTABLE_ASSERT(body.ends_with('}'));
    body.back() = ',';
    json_writer json(body);
    json.key("customers").begin_object();
    for (const person_name& each : people) {
        json.key(to_string(each.id)).begin_object().key("name");
        each.name.empty() ? json.null() : json.text(each.name);
        json.key("phone");
        each.phone.empty() ? json.null() : json.text(each.phone);
        json.end_object();
    }
    json.end_object().end_object();
}

}  // namespace qtable::proto
