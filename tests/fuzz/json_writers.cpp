#include "tests/fuzz/json_writers.hpp"

#include "core/base/assert.hpp"
#include "core/base/limits.hpp"
#include "proto/text_rules.hpp"

namespace qtable::fuzz {

namespace {

// What came in is text that may be shown.
void put(json_writer& json, std::string_view name, std::string_view text) {
    QTABLE_ASSERT(proto::is_valid_utf8(text) && !proto::has_forbidden_character(text));
    json.key(name).text(text);
}
void put_if(json_writer& json, std::string_view name, const std::optional<std::string>& text) {
    if (text) put(json, name, std::string_view(*text));
}
void put_or_null(json_writer& json, std::string_view name, const std::string& text) {
    if (text.empty()) {
        json.key(name).null();
    } else {
        put(json, name, std::string_view(text));
    }
}
void put(json_writer& json, std::string_view name, std::int64_t value) {
    json.key(name).integer(value);
}
void put_if(json_writer& json, std::string_view name, const std::optional<int>& value) {
    if (value) put(json, name, std::int64_t{*value});
}
void put_if(json_writer& json, std::string_view name, const std::optional<std::int64_t>& value) {
    if (value) put(json, name, *value);
}
void put(json_writer& json, std::string_view name, const uuid& id) {
    json.key(name).id(id);
}
void put_day(json_writer& json, std::string_view name, date day) {
    QTABLE_ASSERT(parse_date(to_string(day)) == day);
    json.key(name).day(day);
}
void put_time(json_writer& json, std::string_view name, int minute) {
    QTABLE_ASSERT(minute >= 0 && minute < minutes_per_day);
    json.key(name).wall_time(minute);
}
void put_party(json_writer& json, int party_size) {
    QTABLE_ASSERT(party_size >= 1 && party_size <= limits::party_size_max);
    put(json, "party_size", std::int64_t{party_size});
}
void put_party(json_writer& json, const std::optional<int>& party_size) {
    if (party_size) put_party(json, *party_size);
}
void put_coordinate(json_writer& json, std::string_view name, const std::optional<double>& value,
                    double most) {
    json.key(name);
    QTABLE_ASSERT(!value || (*value >= -most && *value <= most));
    value ? json.number(*value) : json.null();
}

void write_hours(json_writer& json, const weekly_hours& hours) {
    for (std::size_t day = 0; day < 7; ++day)
        put(json, "hours_" + std::string(weekday_names[day]), format_day_hours(hours.days[day]));
}

void put_choice(json_writer& json, const table_choice& where) {
    QTABLE_ASSERT(where.tables.size() <= limits::tables_per_combination);
    QTABLE_ASSERT(where.tables.empty() || !where.combination);
    if (!where.tables.empty()) {
        json.key("table_ids").begin_array();
        for (const table_id& each : where.tables) json.id(each);
        json.end_array();
    }
    if (where.combination) put(json, "combination_id", *where.combination);
}

void put_overrides(json_writer& json, reasons which) {
    QTABLE_ASSERT(!which.has(reason::no_table));
    json.key("override").begin_array();
    for (std::size_t i = 0; i < reason_words.size(); ++i)
        if (which.has(static_cast<reason>(i))) json.text(reason_words[i]);
    json.end_array();
}

void put_plan(json_writer& json, const table& what) {
    QTABLE_ASSERT(what.min_party >= 1 && what.min_party <= what.capacity);
    QTABLE_ASSERT(what.capacity <= limits::party_size_max);
    put(json, "label", std::string_view(what.label));
    put(json, "capacity", std::int64_t{what.capacity});
    put(json, "min_party", std::int64_t{what.min_party});
    put_or_null(json, "section", what.section);
    put_coordinate(json, "x", what.x, limits::floor_plan_max);
    put_coordinate(json, "y", what.y, limits::floor_plan_max);
    put(json, "shape", std::string_view(what.shape));
}

}  // namespace

void write(json_writer& json, const proto::customer_registration& what) {
    QTABLE_ASSERT(proto::is_email(what.email));
    put(json, "email", what.email);
    put(json, "password", what.password);
    put(json, "first_name", what.first_name);
    put(json, "last_name", what.last_name);
    put_or_null(json, "phone", what.phone);
}
void write(json_writer& json, const proto::staff_registration& what) {
    put(json, "email", what.email);
    put(json, "password", what.password);
    put(json, "full_name", what.full_name);
    put_or_null(json, "invitation_token", what.invitation_token);
}
void write(json_writer& json, const proto::credentials& what) {
    put(json, "email", what.email);
    put(json, "password", what.password);
}
void write(json_writer& json, const proto::email_verification& what) {
    put(json, "token", what.token);
}
void write(json_writer& json, const proto::refresh_request& what) {
    put(json, "refresh_token", what.refresh_token);
}
void write(json_writer& json, const proto::logout_request& what) {
    put_if(json, "refresh_token", what.refresh_token);
}
void write(json_writer& json, const proto::email_request& what) {
    put(json, "email", what.email);
}
void write(json_writer& json, const proto::password_reset_request& what) {
    put(json, "token", what.token);
    put(json, "password", what.password);
}
void write(json_writer& json, const proto::customer_patch& what) {
    put_if(json, "first_name", what.first_name);
    put_if(json, "last_name", what.last_name);
    put_if(json, "phone", what.phone);
    put_if(json, "password", what.password);
    if (what.password) put(json, "current_password", std::string_view(what.current_password));
}
void write(json_writer& json, const proto::password_confirmation& what) {
    put(json, "password", what.password);
}
void write(json_writer& json, const proto::staff_addition& what) {
    put(json, "email", what.email);
    put(json, "role", to_string(what.role));
}
void write(json_writer& json, const proto::role_change& what) {
    put(json, "role", to_string(what.role));
}

void write(json_writer& json, const proto::hold_request& what) {
    put(json, "restaurant_id", what.restaurant);
    put_day(json, "date", what.command.date);
    put_time(json, "time", what.command.minute);
    put_party(json, what.command.party_size);
}
void write(json_writer& json, const proto::waitlist_request& what) {
    QTABLE_ASSERT(what.command.source == guest_source::waitlist && what.command.name.empty());
    put(json, "restaurant_id", what.restaurant);
    put_party(json, what.command.party_size);
    put_or_null(json, "notes", what.command.notes);
}
void write(json_writer& json, const running_late& what) {
    QTABLE_ASSERT(what.minutes >= 0 && what.minutes <= limits::running_late_max_min);
    put(json, "minutes", std::int64_t{what.minutes});
}
void write(json_writer& json, const review& what) {
    QTABLE_ASSERT(what.rating >= 1 && what.rating <= 5);
    put(json, "rating", std::int64_t{what.rating});
    put_or_null(json, "text", what.text);
}
void write(json_writer&, const proto::nothing&) {}

void write(json_writer& json, const proto::reservation_request& what) {
    put(json, "restaurant_id", what.restaurant);
    put_day(json, "date", what.command.date);
    put_time(json, "time", what.command.minute);
    put_party(json, what.command.party_size);
    put_or_null(json, "special_requests", what.command.special_requests);
    if (what.command.hold) put(json, "hold_id", *what.command.hold);
}
void write(json_writer& json, const change_reservation& what) {
    if (what.date) put_day(json, "date", *what.date);
    if (what.minute) put_time(json, "time", *what.minute);
    put_party(json, what.party_size);
    put_if(json, "special_requests", what.special_requests);
}

void write(json_writer& json, const restaurant_profile& what) {
    QTABLE_ASSERT(what.price_range >= 0 && what.price_range <= 4);
    QTABLE_ASSERT(what.latitude.has_value() == what.longitude.has_value());
    put(json, "name", std::string_view(what.name));
    json.key("is_public").boolean(what.is_public);
    put_or_null(json, "description", what.description);
    put_or_null(json, "cuisine_type", what.cuisine_type);
    put_or_null(json, "price_range", std::string(static_cast<std::size_t>(what.price_range), '$'));
    put_coordinate(json, "latitude", what.latitude, 90);
    put_coordinate(json, "longitude", what.longitude, 180);
    put_or_null(json, "phone", what.phone);
    put_or_null(json, "website", what.website);
    put_or_null(json, "address", what.address);
    put(json, "timezone", std::string_view(what.timezone));
    write_hours(json, what.hours);
}
void write(json_writer& json, const proto::hours_change& what) {
    write_hours(json, what.profile.hours);
    put_if(json, "version", what.version);
}

void write(json_writer& json, const proto::rules_change& what) {
    const booking_rules& rules = what.rules;
    QTABLE_ASSERT(rules.min_party <= rules.max_party && !rules.turn_times.empty());
    QTABLE_ASSERT(rules.slot_interval_min > 0 && rules.slot_interval_min % limits::grid_min == 0);
    json.key("turn_times").begin_array();
    for (const turn_time& each : rules.turn_times) {
        QTABLE_ASSERT(each.minutes + rules.buffer_before_min + rules.buffer_after_min <= minutes_per_day);
        json.begin_object().key("up_to_party").integer(each.up_to_party);
        json.key("minutes").integer(each.minutes).end_object();
    }
    json.end_array();
    const std::pair<std::string_view, int> members[] = {
        {"slot_interval_minutes", rules.slot_interval_min},
        {"buffer_before_minutes", rules.buffer_before_min},
        {"buffer_after_minutes", rules.buffer_after_min},
        {"min_notice_minutes", rules.min_notice_min},
        {"window_days", rules.window_days},
        {"min_party", rules.min_party},
        {"max_party", rules.max_party},
        {"oversize_cap", rules.oversize_cap},
        {"pacing_parties", rules.pacing_parties},
        {"pacing_covers", rules.pacing_covers},
        {"house_pacing_parties", rules.house_pacing_parties},
        {"house_pacing_covers", rules.house_pacing_covers},
        {"cancellation_cutoff_minutes", rules.cancellation_cutoff_min},
        {"no_show_grace_minutes", rules.no_show_grace_min}};
    for (const auto& [name, value] : members) put(json, name, std::int64_t{value});
    put_if(json, "version", what.version);
}
void write(json_writer& json, const special_day& what) {
    put_day(json, "date", what.date);
    put(json, "hours", format_day_hours(what.hours));
    put_or_null(json, "note", what.note);
}
void write(json_writer& json, const pause_bookings& what) {
    QTABLE_ASSERT(what.until);
    put(json, "until", rfc3339_utc_ms(*what.until));
}

void write(json_writer& json, const serve_reservation& what) {
    if (what.to) put(json, "status", to_string(*what.to));
    put_choice(json, what.where);
    if (what.date) put_day(json, "date", *what.date);
    if (what.minute) put_time(json, "time", *what.minute);
    put_party(json, what.party_size);
    put_if(json, "special_requests", what.special_requests);
    put_if(json, "stay_minutes", what.stay_min);
    QTABLE_ASSERT(what.to || !what.overrides.has(reason::past));
    put_overrides(json, what.overrides);
}
void write(json_writer& json, const proto::seating& what) {
    put_choice(json, what.where);
    put_if(json, "stay_minutes", what.stay_min);
    put_overrides(json, what.overrides);
}
void write(json_writer& json, const add_guest& what) {
    QTABLE_ASSERT(what.source != guest_source::reservation);
    put(json, "name", std::string_view(what.name));
    put_or_null(json, "phone", what.phone);
    put_party(json, what.party_size);
    put(json, "source", to_string(what.source));
    put_if(json, "quoted_minutes", what.quoted_min);
    put_or_null(json, "notes", what.notes);
}
void write(json_writer& json, const change_guest& what) {
    put_if(json, "name", what.name);
    put_if(json, "phone", what.phone);
    put_party(json, what.party_size);
    put_if(json, "quoted_minutes", what.quoted_min);
    put_if(json, "notes", what.notes);
}

void write(json_writer& json, const std::vector<slot>& what) {
    QTABLE_ASSERT(!what.empty() && what.size() <= limits::slots_per_request);
    json.key("slots").begin_array();
    for (const slot& each : what) {
        json.begin_object();
        put_day(json, "date", each.date);
        put_time(json, "time_slot", each.minute);
        put_party(json, each.party_size);
        QTABLE_ASSERT(each.available_tables >= 0 && each.available_tables <= limits::slot_tables_max);
        put(json, "available_tables", std::int64_t{each.available_tables});
        json.key("is_available").boolean(each.is_available).end_object();
    }
    json.end_array();
}
void write(json_writer& json, const change_slot& what) {
    put_if(json, "available_tables", what.available_tables);
    if (what.is_available) json.key("is_available").boolean(*what.is_available);
}

void write(json_writer& json, const table& what) {
    put_plan(json, what);
    QTABLE_ASSERT(what.status != table_status::occupied && !what.current_guest_id);
    put(json, "status", to_string(what.status));
}
void write(json_writer& json, const change_table& what) {
    put_if(json, "label", what.label);
    put_if(json, "capacity", what.capacity);
    put_if(json, "min_party", what.min_party);
    put_if(json, "section", what.section);
    if (what.x) put_coordinate(json, "x", what.x, limits::floor_plan_max);
    if (what.y) put_coordinate(json, "y", what.y, limits::floor_plan_max);
    put_if(json, "shape", what.shape);
    if (what.status) put(json, "status", to_string(*what.status));
}
void write(json_writer& json, const std::vector<table>& what) {
    QTABLE_ASSERT(what.size() <= limits::tables_per_restaurant);
    json.key("tables").begin_array();
    for (const table& each : what) {
        json.begin_object();
        if (!each.id.is_nil()) put(json, "id", each.id);
        put_plan(json, each);
        json.end_object();
    }
    json.end_array();
}
void write(json_writer& json, const table_combination& what) {
    QTABLE_ASSERT(what.table_ids.size() >= 2 && what.table_ids.size() <= limits::tables_per_combination);
    put(json, "label", std::string_view(what.label));
    json.key("table_ids").begin_array();
    for (const table_id& each : what.table_ids) json.id(each);
    json.end_array();
    if (what.capacity != 0) put(json, "capacity", std::int64_t{what.capacity});
    put(json, "min_party", std::int64_t{what.min_party});
}

}  // namespace qtable::fuzz
