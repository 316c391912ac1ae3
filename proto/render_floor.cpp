#include "proto/render_floor.hpp"

#include <span>

#include "proto/json_writer.hpp"
#include "proto/render_event.hpp"
#include "proto/render_guest.hpp"
#include "proto/render_reservation.hpp"
#include "proto/render_restaurant.hpp"
#include "proto/render_settings.hpp"

namespace qtable::proto {

namespace {

// What both pictures begin with.
template <class Picture>
void write_moment(json_writer& json, const Picture& value) {
    json.key("restaurant_id").id(value.config->id);
    json.key("at").utc(value.at);
    json.key("date").day(value.date);
    json.key("timezone").text(value.local_zone->name());
    write_epoch(json, value.epoch);
    json.key("seq").integer(value.seq);
}

void write_reservations(json_writer& json, std::span<const reservation* const> all, const zone& where) {
    json.begin_array();
    for (const reservation* each : all) write_reservation(json.begin_value(), *each, where);
    json.end_array();
}

void write_table_line(json_writer& json, const restaurant_id& restaurant, const table_line& line,
                      const zone& where) {
    json.begin_object();
    write_table_members(json, *line.what);
    json.key("guest");
    if (line.seated != nullptr) {
        write_guest(json.begin_value(), restaurant, *line.seated, nullptr);
    } else {
        json.null();
    }
    json.key("expected_until");
    line.expected_until ? json.local(*line.expected_until, where) : json.null();
    json.key("next_reservation");
    if (line.next != nullptr) {
        write_reservation(json.begin_value(), *line.next, where);
    } else {
        json.null();
    }
    json.end_object();
}

void write_counts(json_writer& json, const dashboard_picture& value) {
    const auto& booked = value.reservations;
    json.key("reservations").begin_object();
    json.key("confirmed").integer(booked.confirmed).key("cancelled").integer(booked.cancelled);
    json.key("seated").integer(booked.seated).key("completed").integer(booked.completed);
    json.key("no_show").integer(booked.no_show).end_object();
    json.key("covers").begin_object().key("booked").integer(value.covers_booked);
    json.key("seated").integer(value.covers_seated).key("served").integer(value.covers_served);
    json.end_object();
    json.key("walk_ins").integer(value.walk_ins);
    json.key("waiting").begin_object().key("parties").integer(value.waiting_parties);
    json.key("covers").integer(value.waiting_covers).key("longest_minutes");
    value.longest_wait_min ? json.integer(*value.longest_wait_min) : json.null();
    json.end_object();
    const auto& tables = value.tables;
    json.key("tables").begin_object().key("available").integer(tables.available);
    json.key("reserved").integer(tables.reserved).key("occupied").integer(tables.occupied);
    json.key("dirty").integer(tables.dirty).key("out_of_service").integer(tables.out_of_service);
    json.end_object();
}

}  // namespace

void write_floor(std::string& out, const floor_picture& value) {
    const restaurant_id& restaurant = value.config->id;
    json_writer json(out);
    json.begin_object();
    write_moment(json, value);
    json.key("tables").begin_array();
    for (const table_line& each : value.tables) write_table_line(json, restaurant, each, *value.local_zone);
    json.end_array();
    json.key("combinations").begin_array();
    for (const table_combination& each : value.config->combinations) {
        write_combination(json.begin_value(), each);
    }
    json.end_array();
    json.key("guests").begin_array();
    for (const guest_line& each : value.guests) {
        write_guest(json.begin_value(), restaurant, *each.who, each.wait ? &*each.wait : nullptr);
    }
    json.end_array();
    json.key("reservations");
    write_reservations(json, value.reservations, *value.local_zone);
    json.end_object();
}

void write_dashboard(std::string& out, const dashboard_picture& value) {
    json_writer json(out);
    json.begin_object();
    write_moment(json, value);
    write_counts(json, value);
    json.key("arrivals").begin_array();
    for (const auto& each : value.arrivals) {
        json.begin_object().key("time").wall_time(each.minute);
        json.key("parties").integer(each.parties).key("covers").integer(each.covers).end_object();
    }
    json.end_array();
    json.key("late");
    write_reservations(json, value.late, *value.local_zone);
    json.key("next");
    write_reservations(json, value.next, *value.local_zone);
    json.end_object();
}

}  // namespace qtable::proto
