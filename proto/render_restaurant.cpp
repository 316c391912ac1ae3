#include "proto/render_restaurant.hpp"

#include <array>

#include "proto/json_writer.hpp"

namespace qtable::proto {

namespace {

constexpr std::array<std::string_view, 7> hours_keys = {"hours_monday",   "hours_tuesday", "hours_wednesday",
                                                        "hours_thursday", "hours_friday",  "hours_saturday",
                                                        "hours_sunday"};

void number_or_null(json_writer& json, const std::optional<double>& value) {
    value ? json.number(*value) : json.null();
}

// The profile's members after `name`, public to all.
void write_profile(json_writer& json, const restaurant_profile& profile) {
    constexpr std::string_view dollars = "$$$$";
    json.key("description").text(profile.description);
    json.key("cuisine_type").text(profile.cuisine_type);
    json.key("price_range");
    if (profile.price_range >= 1 && profile.price_range <= 4) {
        json.text(dollars.substr(0, static_cast<std::size_t>(profile.price_range)));
    } else {
        json.null();
    }
    json.key("latitude");
    number_or_null(json, profile.latitude);
    json.key("longitude");
    number_or_null(json, profile.longitude);
    json.key("phone").text(profile.phone);
    json.key("website").text(profile.website);
    json.key("address").text(profile.address);
    json.key("timezone").text(profile.timezone);
    for (std::size_t day = 0; day < hours_keys.size(); ++day) {
        json.key(hours_keys[day]).text(format_day_hours(profile.hours.days[day]));
    }
}

void write_rating(json_writer& json, const restaurant& value) {
    json.key("rating").number(value.rating);
    json.key("review_count").integer(value.review_count);
}

// What a search line adds to the public members.
void append_distance(std::string& out, double distance_km) {
    out += ",\"distance_km\":";
    json_writer(out).decimals3(distance_km);
}

}  // namespace

void write_rules_members(json_writer& json, const booking_rules& rules) {
    json.key("slot_interval_minutes").integer(rules.slot_interval_min);
    json.key("turn_times").begin_array();
    for (const turn_time& entry : rules.turn_times) {
        json.begin_object();
        json.key("up_to_party").integer(entry.up_to_party).key("minutes").integer(entry.minutes);
        json.end_object();
    }
    json.end_array();
    json.key("buffer_before_minutes").integer(rules.buffer_before_min);
    json.key("buffer_after_minutes").integer(rules.buffer_after_min);
    json.key("min_notice_minutes").integer(rules.min_notice_min);
    json.key("window_days").integer(rules.window_days);
    json.key("min_party").integer(rules.min_party);
    json.key("max_party").integer(rules.max_party);
    json.key("oversize_cap").integer(rules.oversize_cap);
    json.key("pacing_parties").integer(rules.pacing_parties);
    json.key("pacing_covers").integer(rules.pacing_covers);
    json.key("house_pacing_parties").integer(rules.house_pacing_parties);
    json.key("house_pacing_covers").integer(rules.house_pacing_covers);
    json.key("cancellation_cutoff_minutes").integer(rules.cancellation_cutoff_min);
    json.key("no_show_grace_minutes").integer(rules.no_show_grace_min);
}

void write_staff_restaurant(std::string& out, const restaurant& value) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(value.id);
    json.key("name").text(value.profile.name);
    json.key("is_public").boolean(value.profile.is_public);
    write_profile(json, value.profile);
    write_rating(json, value);
    json.key("booking_rules").begin_object();
    write_rules_members(json, value.rules);
    json.end_object();
    json.key("paused_until");
    value.paused_until ? json.utc(*value.paused_until) : json.null();
    json.key("created_at").utc(value.created_at);
    json.key("updated_at").utc(value.updated_at);
    json.key("version").integer(value.version);
    json.end_object();
}

void render_public_members(const restaurant& value, std::string& out) {
    json_writer json(out);
    json.key("id").id(value.id);
    json.key("name").text(value.profile.name);
    write_profile(json, value.profile);
    write_rating(json, value);
    json.key("version").integer(value.version);
}

void write_public_restaurant(std::string& out, const restaurant& value) {
    out += '{';
    render_public_members(value, out);
    out += '}';
}

void write_table_members(json_writer& json, const table& value) {
    json.key("id").id(value.id);
    json.key("label").text(value.label);
    json.key("capacity").integer(value.capacity);
    json.key("min_party").integer(value.min_party);
    json.key("section").text(value.section);
    json.key("x").number(value.x);
    json.key("y").number(value.y);
    json.key("shape").text(value.shape);
    json.key("status").text(to_string(value.status));
    json.key("current_guest_id");
    value.current_guest_id ? json.id(*value.current_guest_id) : json.null();
    json.key("version").integer(value.version);
}

void write_table(std::string& out, const table& value) {
    json_writer json(out);
    json.begin_object();
    write_table_members(json, value);
    json.end_object();
}

void write_slot(std::string& out, const restaurant_id& restaurant, const slot& value) {
    json_writer json(out);
    json.begin_object();
    json.key("id").id(value.id);
    json.key("restaurant_id").id(restaurant);
    json.key("date").day(value.date);
    json.key("time_slot").wall_time(value.minute);
    json.key("party_size").integer(value.party_size);
    json.key("available_tables").integer(value.available_tables);
    json.key("is_available").boolean(value.is_available);
    json.key("version").integer(value.version);
    json.end_object();
}

void begin_search_line(std::string& out, std::string_view public_members, double distance_km) {
    out += '{';
    out += public_members;
    append_distance(out, distance_km);
}

void end_search_line(std::string& out) {
    out += '}';
}

void begin_search_feature(std::string& out, const restaurant_id& id, double longitude, double latitude,
                          std::string_view public_members, double distance_km) {
    json_writer json(out);
    json.begin_object();
    json.key("type").text("Feature").key("id").id(id);
    json.key("geometry").begin_object().key("type").text("Point");
    json.key("coordinates").begin_array().number(longitude).number(latitude).end_array().end_object();
    json.key("properties").begin_object().members(public_members);
    append_distance(out, distance_km);
}

void end_search_feature(std::string& out) {
    out += "}}";
}

void begin_search_slots(std::string& out) {
    out += ",\"slots\":[";
}

void end_search_slots(std::string& out) {
    out += ']';
}

}  // namespace qtable::proto
