// Each resource to the letter of the contract.
#include <gtest/gtest.h>

#include "proto/json_renderer.hpp"
#include "proto/render_availability.hpp"
#include "proto/render_event.hpp"
#include "proto/render_list.hpp"
#include "proto/render_reservation.hpp"
#include "proto/render_restaurant.hpp"

namespace qtable::proto {
namespace render_test {

template <class Id>
Id make_id(char last) {
    return *Id::parse("0190a5c0-0000-7000-8000-00000000000" + std::string(1, last));
}

zone copenhagen() {
    return zone("Europe/Copenhagen", {{*parse_rfc3339("2026-10-25T01:00:00Z"), 3600},
                                      {*parse_rfc3339("2027-03-28T01:00:00Z"), 7200}});
}

reservation make_reservation() {
    reservation r;
    r.id = make_id<reservation_id>('1');
    r.restaurant = make_id<restaurant_id>('2');
    r.customer = make_id<customer_id>('3');
    r.date = *parse_date("2026-12-24");
    r.minute = 1440 + 30;
    r.party_size = 4;
    r.starts_at = *parse_rfc3339("2026-12-24T23:30:00Z");
    r.ends_at = r.starts_at.plus_minutes(105);
    r.created_at = *parse_rfc3339("2026-11-22T12:00:00.007Z");
    r.updated_at = *parse_rfc3339("2026-11-22T12:00:01Z");
    r.confirmation_code = "QX7K2M";
    return r;
}

TEST(render_reservation, with_explicit_nulls) {
    std::string out;
    write_reservation(out, make_reservation(), copenhagen());
    EXPECT_EQ(
        out,
        R"({"id":"0190a5c0-0000-7000-8000-000000000001","restaurant_id":"0190a5c0-0000-7000-8000-000000000002",)"
        R"("customer_id":"0190a5c0-0000-7000-8000-000000000003","date":"2026-12-24","time":"00:30",)"
        R"("party_size":4,"status":"confirmed","special_requests":null,"table_id":null,"table_ids":[],)"
        R"("created_at":"2026-11-22T12:00:00.007Z","updated_at":"2026-11-22T12:00:01.000Z",)"
        R"("starts_at":"2026-12-25T00:30:00+01:00","ends_at":"2026-12-25T02:15:00+01:00",)"
        R"("confirmation_code":"QX7K2M","checked_in_at":null,"guest_id":null,"version":1})");
}

TEST(render_reservation, with_everything_set) {
    reservation r = make_reservation();
    r.status = reservation_status::seated;
    r.special_requests = "Window \"seat\" 🪟";
    r.tables = {make_id<table_id>('4'), make_id<table_id>('5')};
    r.checked_in_at = *parse_rfc3339("2026-12-24T23:28:00Z");
    r.guest = make_id<guest_id>('6');
    r.version = 3;
    std::string out;
    write_staff_reservation(out, r, copenhagen(), "Zoë", "");
    EXPECT_NE(out.find(R"("status":"seated","special_requests":"Window \"seat\" 🪟",)"
                       R"("table_id":"0190a5c0-0000-7000-8000-000000000004","table_ids":)"
                       R"(["0190a5c0-0000-7000-8000-000000000004","0190a5c0-0000-7000-8000-000000000005"])"),
              std::string::npos)
        << out;
    EXPECT_NE(out.find(R"("checked_in_at":"2026-12-24T23:28:00.000Z","guest_id":)"
                       R"("0190a5c0-0000-7000-8000-000000000006","version":3,"customer_name":"Zoë",)"
                       R"("customer_phone":null})"),
              std::string::npos)
        << out;
}

TEST(render_reservation, offsets_are_those_of_the_instant) {
    reservation r = make_reservation();
    r.starts_at = *parse_rfc3339("2027-03-28T00:30:00Z");  // half an hour before the clocks go forward
    r.ends_at = r.starts_at.plus_minutes(90);
    std::string out;
    write_reservation(out, r, copenhagen());
    EXPECT_NE(out.find(R"("starts_at":"2027-03-28T01:30:00+01:00","ends_at":"2027-03-28T04:00:00+02:00")"),
              std::string::npos)
        << out;
}

restaurant make_restaurant() {
    restaurant r;
    r.id = make_id<restaurant_id>('2');
    r.profile.name = "Café \"Ø\"";
    r.profile.cuisine_type = "danish";
    r.profile.price_range = 3;
    r.profile.latitude = 55.676098;
    r.profile.longitude = 12.568337;
    r.profile.timezone = "Europe/Copenhagen";
    r.profile.hours.days[0] = *parse_day_hours("11:30-14:00, 18:00-02:00");
    r.rating = 4.5;
    r.review_count = 12;
    r.version = 7;
    return r;
}

constexpr std::string_view public_members =
    R"("id":"0190a5c0-0000-7000-8000-000000000002","name":"Café \"Ø\"","description":"","cuisine_type":"danish",)"
    R"("price_range":"$$$","latitude":55.676098,"longitude":12.568337,"phone":"","website":"","address":"",)"
    R"("timezone":"Europe/Copenhagen","hours_monday":"11:30-14:00,18:00-02:00","hours_tuesday":"",)"
    R"("hours_wednesday":"","hours_thursday":"","hours_friday":"","hours_saturday":"","hours_sunday":"",)"
    R"("rating":4.5,"review_count":12,"version":7)";

TEST(render_restaurant, for_everybody) {
    std::string members, whole;
    render_public_members(make_restaurant(), members);
    EXPECT_EQ(members, public_members);
    write_public_restaurant(whole, make_restaurant());
    EXPECT_EQ(whole, "{" + std::string(public_members) + "}");
}

TEST(render_restaurant, what_is_not_known_is_null) {
    restaurant r = make_restaurant();
    r.profile.price_range = 0;
    r.profile.latitude.reset();
    r.profile.longitude.reset();
    std::string out;
    render_public_members(r, out);
    EXPECT_NE(out.find(R"("price_range":null,"latitude":null,"longitude":null)"), std::string::npos) << out;
}

TEST(render_restaurant, for_staff) {
    restaurant r = make_restaurant();
    r.profile.is_public = false;
    r.rules.turn_times = {{2, 90}, {100, 120}};
    r.paused_until = *parse_rfc3339("2026-11-22T20:00:00Z");
    const std::string out = json_renderer().restaurant_json(r);
    EXPECT_NE(out.find(R"("name":"Café \"Ø\"","is_public":false,"description":"")"), std::string::npos)
        << out;
    EXPECT_NE(
        out.find(
            R"("booking_rules":{"slot_interval_minutes":30,"turn_times":[{"up_to_party":2,"minutes":90},)"
            R"({"up_to_party":100,"minutes":120}],"buffer_before_minutes":0,"buffer_after_minutes":0,)"
            R"("min_notice_minutes":0,"window_days":90,"min_party":1,"max_party":20,"oversize_cap":0,)"
            R"("pacing_parties":0,"pacing_covers":0,"house_pacing_parties":0,"house_pacing_covers":0,)"
            R"("cancellation_cutoff_minutes":0,"no_show_grace_minutes":15},)"
            R"("paused_until":"2026-11-22T20:00:00.000Z","created_at":"1970-01-01T00:00:00.000Z",)"
            R"("updated_at":"1970-01-01T00:00:00.000Z","version":7})"),
        std::string::npos)
        << out;
}

TEST(render_restaurant, tables_and_slots) {
    table t;
    t.id = make_id<table_id>('4');
    t.label = "T1";
    t.capacity = 4;
    t.x = 1.5;
    const json_renderer renderer;
    EXPECT_EQ(
        renderer.table_json(make_id<restaurant_id>('2'), t),
        R"({"id":"0190a5c0-0000-7000-8000-000000000004","label":"T1","capacity":4,"min_party":1,"section":"",)"
        R"("x":1.5,"y":0,"shape":"square","status":"available","current_guest_id":null,"version":1})");
    slot s;
    s.id = make_id<slot_id>('7');
    s.date = *parse_date("2026-12-24");
    s.minute = 1170;
    s.party_size = 4;
    s.available_tables = 2;
    s.is_available = false;
    const std::string slot_text =
        R"({"id":"0190a5c0-0000-7000-8000-000000000007","restaurant_id":"0190a5c0-0000-7000-8000-000000000002",)"
        R"("date":"2026-12-24","time_slot":"19:30","party_size":4,"available_tables":2,"is_available":false,"version":1})";
    EXPECT_EQ(renderer.slot_json(make_id<restaurant_id>('2'), s), slot_text);
    const slot two[] = {s, s};
    EXPECT_EQ(renderer.slots_json(make_id<restaurant_id>('2'), two),
              "{\"items\":[" + slot_text + "," + slot_text + "]}");
    EXPECT_EQ(renderer.slots_json(make_id<restaurant_id>('2'), {}), "{\"items\":[]}");
}

TEST(render_search, lines_and_features) {
    std::string out;
    list_writer list(out);
    begin_search_line(list.next_item(), R"("id":"x")", 1.2345);
    end_search_line(out);
    begin_search_line(list.next_item(), R"("id":"y")", 2);
    begin_search_slots(out);
    out += R"({"time":"19:00"})";
    end_search_slots(out);
    end_search_line(out);
    list.end("abc");
    EXPECT_EQ(
        out,
        R"({"items":[{"id":"x","distance_km":1.235},{"id":"y","distance_km":2.000,"slots":[{"time":"19:00"}]}],)"
        R"("next_cursor":"abc"})");
    out.clear();
    list_writer features(out, list_writer::form::geojson);
    begin_search_feature(features.next_item(), make_id<restaurant_id>('2'), 12.5, 55.25, R"("name":"x")",
                         0.5);
    end_search_feature(out);
    features.end();
    EXPECT_EQ(
        out,
        R"({"type":"FeatureCollection","features":[{"type":"Feature",)"
        R"("id":"0190a5c0-0000-7000-8000-000000000002","geometry":{"type":"Point","coordinates":[12.5,55.25]},)"
        R"("properties":{"name":"x","distance_km":0.500}}],"next_cursor":null})");
}

availability_line make_line() {
    availability_line line;
    line.minute = 1170;
    line.starts_at = *parse_rfc3339("2026-12-24T18:30:00Z");
    line.ends_at = line.starts_at.plus_minutes(105);
    line.start_offset_s = line.end_offset_s = 3600;
    line.available_tables = 3;
    line.is_available = true;
    return line;
}

TEST(render_availability, a_day) {
    std::string out;
    begin_availability(out, make_id<restaurant_id>('2'), *parse_date("2026-12-24"), "Europe/Copenhagen", 4);
    availability_line line = make_line();
    availability_lines(out).add(line);
    out += ',';
    line.slot_id = make_id<slot_id>('7');
    line.available_tables = 0;
    line.is_available = false;
    line.reasons.add(reason::no_table);
    line.reasons.add(reason::past);
    availability_lines(out).add(line);
    end_availability(out);
    EXPECT_EQ(
        out,
        R"({"restaurant_id":"0190a5c0-0000-7000-8000-000000000002","date":"2026-12-24",)"
        R"("timezone":"Europe/Copenhagen","party_size":4,"slots":[{"slot_id":null,"time":"19:30",)"
        R"("starts_at":"2026-12-24T19:30:00+01:00","ends_at":"2026-12-24T21:15:00+01:00","available_tables":3,)"
        R"("is_available":true,"reasons":[]},{"slot_id":"0190a5c0-0000-7000-8000-000000000007","time":"19:30",)"
        R"("starts_at":"2026-12-24T19:30:00+01:00","ends_at":"2026-12-24T21:15:00+01:00","available_tables":0,)"
        R"("is_available":false,"reasons":["no_table","past"]}]})");
}

TEST(render_availability, the_longest_line_fits) {
    availability_line line = make_line();
    line.slot_id = make_id<slot_id>('7');
    line.available_tables = -2147483647;
    line.reasons = reasons(static_cast<std::uint16_t>((1U << reason_words.size()) - 1));
    std::string out;
    availability_lines(out).add(line);
    EXPECT_LT(out.size(), 480U);
    EXPECT_EQ(out.substr(out.size() - 18), R"("blocked","past"]})");
}

TEST(render_availability, instants_are_those_of_the_calendar) {
    for (const int offset_s : {0, 3600, -5 * 3600, -12'600, 45 * 60 + 5 * 3600, 14 * 3600, -12 * 3600}) {
        for (std::int64_t ms = -3 * ms_per_day; ms < 80 * 365 * ms_per_day;
             ms += 17 * ms_per_day + 12'345'678) {
            availability_line line = make_line();
            line.starts_at = {ms};
            line.ends_at = line.starts_at.plus_minutes(105);
            line.start_offset_s = offset_s;
            line.end_offset_s = offset_s + 3600;
            std::string out;
            availability_lines(out).add(line);
            const std::string expected = "\"starts_at\":\"" + rfc3339(line.starts_at, offset_s) +
                                         "\",\"ends_at\":\"" + rfc3339(line.ends_at, offset_s + 3600) + "\"";
            ASSERT_NE(out.find(expected), std::string::npos) << out << "\n" << expected;
        }
    }
}

TEST(render_availability, several_days) {
    std::string out;
    const date day = *parse_date("2026-12-24");
    begin_availability_days(out, make_id<restaurant_id>('2'), day, "UTC", 2);
    begin_availability_day(out, day, true);
    end_availability_day(out);
    begin_availability_day(out, day.plus_days(1), false);
    end_availability_day(out);
    end_availability_days(out);
    EXPECT_EQ(
        out,
        R"({"restaurant_id":"0190a5c0-0000-7000-8000-000000000002","date":"2026-12-24","timezone":"UTC",)"
        R"("party_size":2,"days":[{"date":"2026-12-24","slots":[]},{"date":"2026-12-25","slots":[]}]})");
}

TEST(render_event, envelope) {
    std::string out;
    const event_envelope envelope = {to_string(event_type::table_updated), make_id<restaurant_id>('2'), 41,
                                     0xfedcba9876543210U, *parse_rfc3339("2026-11-22T12:00:00Z")};
    write_event(out, envelope, R"({"id":"x"})");
    EXPECT_EQ(out,
              R"({"type":"table_updated","restaurant_id":"0190a5c0-0000-7000-8000-000000000002","seq":41,)"
              R"("epoch":"fedcba9876543210","at":"2026-11-22T12:00:00.000Z","data":{"id":"x"}})");
}

TEST(render_event, hello_and_resync) {
    std::string out;
    write_hello(out, 10, 0);
    EXPECT_EQ(out, R"({"type":"hello","epoch":"000000000000000a","seq":0})");
    out.clear();
    write_resync_required(out);
    EXPECT_EQ(out, R"({"type":"resync_required"})");
    out.clear();
    write_going_away(out, 3000);
    EXPECT_EQ(out, R"({"type":"going_away","reconnect_within_ms":3000})");
}

TEST(render_event, epochs_read_back) {
    EXPECT_EQ(parse_epoch("fedcba9876543210"), 0xfedcba9876543210U);
    EXPECT_EQ(parse_epoch("000000000000000a"), 10U);
    for (const char* bad : {"", "a", "fedcba987654321", "fedcba98765432100", "FEDCBA9876543210",
                            "fedcba987654321g", "+00000000000000a", "0x0000000000000a"}) {
        EXPECT_FALSE(parse_epoch(bad)) << bad;
    }
}

TEST(render_event, availability_changes) {
    std::string out;
    availability_change_writer writer(out, *parse_date("2026-12-24"));
    availability_change change;
    change.minute = 1170;
    change.starts_at = *parse_rfc3339("2026-12-24T18:30:00Z");
    change.ends_at = change.starts_at.plus_minutes(90);
    change.start_offset_s = change.end_offset_s = 3600;
    change.party_size = 2;
    writer.add(change);
    change.slot_id = make_id<slot_id>('7');
    change.available_tables = 1;
    change.is_available = true;
    writer.add(change);
    writer.end();
    EXPECT_EQ(
        out,
        R"({"date":"2026-12-24","slots":[{"slot_id":null,"time":"19:30","starts_at":"2026-12-24T19:30:00+01:00",)"
        R"("ends_at":"2026-12-24T21:00:00+01:00","party_size":2,"available_tables":0,"is_available":false},)"
        R"({"slot_id":"0190a5c0-0000-7000-8000-000000000007","time":"19:30",)"
        R"("starts_at":"2026-12-24T19:30:00+01:00","ends_at":"2026-12-24T21:00:00+01:00","party_size":2,)"
        R"("available_tables":1,"is_available":true}]})");
    out.clear();
    availability_change_writer(out, std::nullopt).end();
    EXPECT_EQ(out, R"({"date":null,"slots":[]})");
}

TEST(render_event, windows_read_back) {
    const std::optional<availability_window> window =
        availability_window{*parse_date("2026-12-24"), 1080, 1500};
    const std::string text = json_renderer().window_json(window);
    EXPECT_EQ(text, R"({"date":"2026-12-24","from":1080,"until":1500})");
    EXPECT_EQ(parse_window(text).value(), window);
    EXPECT_EQ(json_renderer().window_json(std::nullopt), R"({"date":null})");
    EXPECT_EQ(parse_window(R"({"date":null})").value(), std::nullopt);
    for (const char* bad : {"", "{}", "[]", R"({"date":"2026-12-24"})", R"({"date":"x","from":1,"until":2})",
                            R"({"date":"2026-12-24","from":-1,"until":2})"}) {
        EXPECT_FALSE(parse_window(bad).has_value()) << bad;
    }
}

}  // namespace render_test
}  // namespace qtable::proto
