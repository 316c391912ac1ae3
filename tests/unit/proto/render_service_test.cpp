// The evening as staff see it, to the letter: guests, the floor, the day in figures, the log.
#include <gtest/gtest.h>

#include "proto/json_renderer.hpp"
#include "proto/render_activity.hpp"
#include "proto/render_reservation.hpp"

namespace qtable::proto {
namespace render_service_test {

template <class Id>
Id make_id(char last) {
    return *Id::parse("0190a5c0-0000-7000-8000-00000000000" + std::string(1, last));
}

const std::string id_0 = "0190a5c0-0000-7000-8000-00000000000";
const instant noon = *parse_rfc3339("2026-11-22T12:00:00Z");
const json_renderer render;

guest make_guest() {
    guest made;
    made.id = make_id<guest_id>('6');
    made.name = "Ada";
    made.party_size = 3;
    made.source = guest_source::waitlist;
    made.quoted_min = 20;
    made.created_at = made.updated_at = noon;
    return made;
}

const std::string guest_head =
    R"({"id":")" + id_0 + R"(6","restaurant_id":")" + id_0 +
    R"(2","name":"Ada","phone":null,"party_size":3,"source":"waitlist",)"
    R"("reservation_id":null,"customer_id":null,"status":"waiting","table_ids":[],)"
    R"("quoted_minutes":20,)";
const std::string guest_tail =
    R"("notes":null,"created_at":"2026-11-22T12:00:00.000Z","updated_at":"2026-11-22T12:00:00.000Z",)"
    R"("notified_at":null,"seated_at":null,"left_at":null,"version":1})";
const std::string no_wait =
    R"("estimated_wait_minutes":null,"wait":null,"parties_ahead":null,"position":null,)";

TEST(render_guest, with_its_wait_and_without) {
    const auto restaurant = make_id<restaurant_id>('2');
    EXPECT_EQ(render.guest_json(restaurant, make_guest(), nullptr), guest_head + no_wait + guest_tail);
    wait_estimate wait;
    wait.position = 3;
    wait.parties_ahead = 2;
    wait.wait = wait_range{5, 15, 40};
    EXPECT_EQ(render.guest_json(restaurant, make_guest(), &wait),
              guest_head +
                  R"("estimated_wait_minutes":15,"wait":{"p10_minutes":5,"p50_minutes":15,"p90_minutes":40},)"
                  R"("parties_ahead":2,"position":3,)" +
                  guest_tail);
    wait.wait.reset();  // no honest estimate
    EXPECT_EQ(render.guest_json(restaurant, make_guest(), &wait),
              guest_head + R"("estimated_wait_minutes":null,"wait":null,"parties_ahead":2,"position":3,)" +
                  guest_tail);
}

TEST(render_guest, pages) {
    const guest who = make_guest();
    const guest_line lines[] = {{&who, {}}, {&who, {}}};
    const std::string one = guest_head + no_wait + guest_tail;
    EXPECT_EQ(render.guests_json(make_id<restaurant_id>('2'), lines, who.id),
              R"({"items":[)" + one + "," + one + R"(],"next_cursor":")" + id_0 + R"(6"})");
    EXPECT_EQ(render.guests_json(make_id<restaurant_id>('2'), {}, {}), R"({"items":[],"next_cursor":null})");
}

TEST(render_settings, each) {
    table_combination long_one;
    long_one.id = make_id<combination_id>('9');
    long_one.label = "Long";
    long_one.table_ids = {make_id<table_id>('4'), make_id<table_id>('5')};
    long_one.capacity = 8;
    EXPECT_EQ(render.combination_json({}, long_one),
              R"({"id":")" + id_0 + R"(9","label":"Long","table_ids":[")" + id_0 + R"(4",")" + id_0 +
                  R"(5"],"capacity":8,"min_party":1,"version":1})");
    special_day day;
    day.date = *parse_date("2026-12-24");
    day.hours = *parse_day_hours("11:00-15:00");
    EXPECT_EQ(render.special_day_json(day), R"({"date":"2026-12-24","hours":"11:00-15:00","note":""})");
    EXPECT_EQ(render.deleted_json(make_id<table_id>('4')), R"({"id":")" + id_0 + R"(4","deleted":true})");
    EXPECT_EQ(
        render.staff_member_json(make_id<restaurant_id>('2'), {make_id<staff_id>('8'), staff_role::manager}),
        R"({"id":")" + id_0 + R"(8","restaurant_id":")" + id_0 + R"(2","role":"manager"})");
    restaurant config;
    config.version = 7;
    EXPECT_TRUE(render.rules_json(config).ends_with(R"("no_show_grace_minutes":15,"version":7})"));
}

TEST(render_reservation, what_is_seldom_set_stands_there_only_then) {
    reservation r;
    EXPECT_EQ(render.reservation_json(r, zone::utc()).find("late"), std::string::npos);
    r.running_late_min = 10;
    r.late_flagged_at = noon;
    std::string text = render.reservation_json(r, zone::utc());
    EXPECT_TRUE(text.ends_with(
        R"("version":1,"running_late_minutes":10,"late_flagged_at":"2026-11-22T12:00:00.000Z"})"))
        << text;
    append_customer(text, "Zoë", "");
    EXPECT_TRUE(text.ends_with(R"(000Z","customer_name":"Zoë","customer_phone":null})")) << text;
}

TEST(render_floor, tables_with_who_sits_there) {
    const guest who = make_guest();
    restaurant config;
    config.id = make_id<restaurant_id>('2');
    table seat;
    seat.id = make_id<table_id>('4');
    const zone utc = zone::utc();
    floor_picture floor;
    floor.config = &config;
    floor.local_zone = &utc;
    floor.at = noon;
    floor.date = *parse_date("2026-11-22");
    floor.epoch = 255;
    floor.seq = 41;
    floor.tables = {{&seat, &who, noon.plus_minutes(90), nullptr}, {&seat, nullptr, {}, nullptr}};
    floor.guests = {{&who, {}}};
    std::string text = render.floor_json(floor);
    const std::string seat_text = render.table_json(config.id, seat);
    const std::string open_seat = seat_text.substr(0, seat_text.size() - 1);
    const std::string guest_text = guest_head + no_wait + guest_tail;
    EXPECT_EQ(
        text,
        R"({"restaurant_id":")" + id_0 +
            R"(2","at":"2026-11-22T12:00:00.000Z","date":"2026-11-22","timezone":"UTC",)"
            R"("epoch":"00000000000000ff","seq":41,"tables":[)" +
            open_seat + R"(,"guest":)" + guest_text +
            R"(,"expected_until":"2026-11-22T13:30:00+00:00","next_reservation":null},)" + open_seat +
            R"(,"guest":null,"expected_until":null,"next_reservation":null}],"combinations":[],"guests":[)" +
            guest_text + R"(],"reservations":[]})");
    const person_name people[] = {{make_id<customer_id>('3'), "Zoë", ""}};
    append_customers(text, people);
    EXPECT_TRUE(
        text.ends_with(R"("reservations":[],"customers":{")" + id_0 + R"(3":{"name":"Zoë","phone":null}}})"))
        << text;
}

TEST(render_floor, the_day_in_figures) {
    restaurant config;
    const zone utc = zone::utc();
    dashboard_picture day;
    day.config = &config;
    day.local_zone = &utc;
    day.reservations = {1, 2, 3, 4, 5};
    day.covers_booked = 6;
    day.tables = {1, 2, 3, 4, 5};
    day.arrivals = {{1170, 2, 5}};
    const std::string text = render.dashboard_json(day);
    EXPECT_NE(
        text.find(R"("reservations":{"confirmed":1,"cancelled":2,"seated":3,"completed":4,"no_show":5},)"
                  R"("covers":{"booked":6,"seated":0,"served":0},"walk_ins":0,)"
                  R"("waiting":{"parties":0,"covers":0,"longest_minutes":null},)"
                  R"("tables":{"available":1,"reserved":2,"occupied":3,"dirty":4,"out_of_service":5},)"
                  R"("arrivals":[{"time":"19:30","parties":2,"covers":5}],"late":[],"next":[]})"),
        std::string::npos)
        << text;
}

TEST(render_activity, a_line_of_the_log) {
    activity_line line;
    line.what.seq = 9;
    line.what.type = event_type::customer_reservation_updated;
    line.what.at = noon;
    line.what.by = {actor::kind::staff, make_id<staff_id>('8')};
    line.what.subject = make_id<reservation_id>('1');
    line.what.action = "reservation.seat";
    line.what.overrides = "pacing,past";
    line.actor_name = "Olga";
    std::string text;
    write_activity(text, line);
    EXPECT_EQ(text, R"({"seq":9,"at":"2026-11-22T12:00:00.000Z","type":"customer_reservation_updated",)"
                    R"("action":"reservation.seat","actor":{"kind":"staff","id":")" +
                        id_0 + R"(8","name":"Olga"},"subject_id":")" + id_0 +
                        R"(1","overrides":["pacing","past"]})");
    text.clear();
    write_activity(text, {});
    EXPECT_NE(
        text.find(R"("actor":{"kind":"system","id":null,"name":null},"subject_id":null,"overrides":[]})"),
        std::string::npos)
        << text;
}

logged_event row(std::int64_t seq, event_type type, std::string data) {
    logged_event made;
    made.seq = seq;
    made.type = type;
    made.data = std::move(data);
    return made;
}

TEST(log_changes, each_thing_once_as_its_last_row_told_it) {
    log_changes changes;
    const std::string table_1 = R"({"id":")" + id_0 + R"(4","status":"available"})";
    const std::string table_2 = R"({"id":")" + id_0 + R"(4","status":"occupied"})";
    const std::string gone = R"({"id":")" + id_0 + R"(5","deleted":true})";
    const std::string booked = R"({"id":")" + id_0 + R"(1","customer_id":")" + id_0 + R"(3","version":1})";
    changes.add(row(3, event_type::table_updated, table_1));
    changes.add(row(4, event_type::table_updated, R"({"id":")" + id_0 + R"(5"})"));
    changes.add(row(5, event_type::customer_reservation_received, booked));
    changes.add(row(6, event_type::table_updated, table_2));
    changes.add(row(7, event_type::table_updated, gone));
    changes.add(row(8, event_type::guest_deleted, gone));
    changes.add(row(9, event_type::availability_updated, R"({"date":"2026-11-22","from":600,"until":720})"));
    changes.add(row(10, event_type::settings_changed, R"({"name":"x"})"));
    EXPECT_EQ(changes.customers.size(), 1U);
    std::string text;
    write_changes(text, changes);
    EXPECT_NE(
        text.find(
            R"("epoch":"0000000000000000","seq":10,"resync_required":false,"has_more":false,"tables":[)" +
            table_2 + R"(],"guests":[],"reservations":[)" + booked +
            R"(],"slots":[],"restaurant":{"name":"x"},"combinations":[],"deleted":{"tables":[")" + id_0 +
            R"(5"],"guests":[")" + id_0 +
            R"(5"]},"availability_changed":{"all":false,"dates":["2026-11-22"]}})"),
        std::string::npos)
        << text;
    changes.add(row(11, event_type::availability_updated, R"({"date":null})"));
    EXPECT_TRUE(changes.has_all_availability_changed);
}

}  // namespace render_service_test
}  // namespace qtable::proto
