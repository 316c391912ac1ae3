#include "proto/render_settings.hpp"

#include "proto/json_writer.hpp"
#include "proto/render_restaurant.hpp"

namespace qtable::proto {

void write_combination(std::string& out, const table_combination& value) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(value.id);
    json.key("label").text(value.label);
    json.key("table_ids").begin_array();
    for (const table_id& table : value.table_ids) json.id(table);
    json.end_array();
    json.key("capacity").integer(value.capacity);
    json.key("min_party").integer(value.min_party);
    json.key("version").integer(value.version);
    json.end_object();
}

void write_special_day(std::string& out, const special_day& value) {
    json_writer json(out);
    json.begin_object();
    json.key("date").day(value.date);
    json.key("hours").text(format_day_hours(value.hours));
    json.key("note").text(value.note);
    json.end_object();
}

void write_hours(std::string& out, const restaurant& value) {
    json_writer json(out);
    json.begin_object();
    for (std::size_t day = 0; day < weekday_names.size(); ++day) {
        json.key(std::string("hours_").append(weekday_names[day]))
            .text(format_day_hours(value.profile.hours.days[day]));
    }
    json.key("version").integer(value.version);
    json.end_object();
}

void write_booking_rules(std::string& out, const restaurant& value) {
    json_writer json(out);
    json.begin_object();
    write_rules_members(json, value.rules);
    json.key("version").integer(value.version);
    json.end_object();
}

void write_staff_member(std::string& out, const restaurant_id& restaurant, const staff_member& value) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(value.id);
    json.key("restaurant_id").id(restaurant);
    json.key("role").text(to_string(value.role));
    json.end_object();
}

void write_review(std::string& out, const review& value) {
    json_writer json(out);
    json.begin_object();
    json.key("reservation_id").id(value.reservation);
    json.key("restaurant_id").id(value.restaurant);
    json.key("customer_id").id(value.customer);
    json.key("rating").integer(value.rating);
    json.key("text").text(value.text);
    json.key("created_at").utc(value.created_at);
    json.end_object();
}

void write_deleted(std::string& out, const uuid& what) {
    json_writer json(out);
    json.begin_object().key("id").id(what).key("deleted").boolean(true).end_object();
}

}  // namespace qtable::proto
