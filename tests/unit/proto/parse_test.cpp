// The bodies of the endpoints: what they become, and what is refused where.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/limits.hpp"
#include "proto/parse_account.hpp"
#include "proto/parse_reservation.hpp"
#include "proto/parse_restaurant.hpp"
#include "proto/parse_slots.hpp"

namespace qtable::proto {
namespace parse_test {

json_scratch scratch;  // as a core keeps one

// "/a /b" of the pointers in error, "" when there is none; or the code when it isn't invalid_input.
template <class T>
std::string wrong(const parsed<T>& body) {
    if (body.has_value()) return "";
    if (body.error().code != errc::invalid_input) return std::string(wire_code(body.error().code));
    std::string pointers;
    for (const field_error& error : body.error().errors) {
        if (!pointers.empty()) pointers += ' ';
        pointers += error.pointer.empty() ? "(body)" : error.pointer;
    }
    return pointers;
}

// `body` with the member replaced: "" takes it away.
std::string with(std::string body, std::string_view member, std::string_view value) {
    const std::string key = "\"" + std::string(member) + "\":";
    const std::size_t from = body.find(key);
    const std::size_t until = body.find_first_of(",}", body.find('"', from) + key.size());
    std::string replacement = value.empty() ? "" : key + std::string(value);
    body.replace(from, until - from, replacement);
    const std::size_t comma = body.find(",,");
    if (comma != std::string::npos) body.erase(comma, 1);
    if (body[1] == ',') body.erase(1, 1);
    if (body.size() > 2 && body[body.size() - 2] == ',') body.erase(body.size() - 2, 1);
    return body;
}

const std::string booking =
    R"({"restaurant_id":"0190a5c0-0000-7000-8000-000000000002","date":"2026-12-24","time":"19:30","party_size":4})";

TEST(parse_reservation, a_request) {
    const auto body = parse_reservation_request(
        R"({"restaurant_id":"0190a5c0-0000-7000-8000-000000000002","date":"2026-12-24","time":"19:30","party_size":4,)"
        R"("special_requests":"Allergic to nuts 🥜","hold_id":"0190a5c0-0000-7000-8000-000000000003"})",
        scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(to_string(body->restaurant), "0190a5c0-0000-7000-8000-000000000002");
    EXPECT_EQ(to_string(body->command.date), "2026-12-24");
    EXPECT_EQ(body->command.minute, 1170);
    EXPECT_EQ(body->command.party_size, 4);
    EXPECT_EQ(body->command.special_requests, "Allergic to nuts 🥜");
    EXPECT_EQ(to_string(*body->command.hold), "0190a5c0-0000-7000-8000-000000000003");
    EXPECT_EQ(wrong(parse_reservation_request(booking, scratch)), "");
    EXPECT_FALSE(parse_reservation_request(booking, scratch)->command.hold);
}

TEST(parse_reservation, party_sizes_that_are_none) {
    for (const char* bad : {"0", "-1", "1.5", "\"4\"", "true", "null", "2147483648", "9223372036854775808",
                            "1e400", "101", "[]", "{}"}) {
        EXPECT_EQ(wrong(parse_reservation_request(with(booking, "party_size", bad), scratch)), "/party_size")
            << bad;
        EXPECT_EQ(wrong(parse_reservation_change("{\"party_size\":" + std::string(bad) + "}", scratch)),
                  "/party_size")
            << bad;
    }
    EXPECT_EQ(wrong(parse_reservation_request(with(booking, "party_size", "NaN"), scratch)), "/party_size");
    EXPECT_EQ(wrong(parse_reservation_request(with(booking, "party_size", "100"), scratch)), "");
}

TEST(parse_reservation, every_mistake_is_told) {
    EXPECT_EQ(wrong(parse_reservation_request("{}", scratch)), "/restaurant_id /date /time /party_size");
    EXPECT_EQ(
        wrong(parse_reservation_request(
            R"({"restaurant_id":1,"date":"2026-02-30","time":"24:00","party_size":0,"special_requests":"\u0000",)"
            R"("hold_id":7,"partysize":4})",
            scratch)),
        "/restaurant_id /date /time /party_size /special_requests /hold_id /partysize");
    EXPECT_EQ(wrong(parse_reservation_request("", scratch)), "empty_body");
    EXPECT_EQ(wrong(parse_reservation_request("[]", scratch)), "(body)");
    EXPECT_EQ(wrong(parse_reservation_request(booking + "x", scratch)), "malformed_json");
    EXPECT_EQ(wrong(parse_reservation_request(with(booking, "date", "\"2026-12-24\",\"date\":1"), scratch)),
              "duplicate_key");
}

TEST(parse_reservation, an_id_that_is_none_is_left_to_be_not_found) {
    const auto body = parse_reservation_request(with(booking, "restaurant_id", "\"nonsense\""), scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_TRUE(body->restaurant.is_nil());
}

TEST(parse_reservation, special_requests_are_bounded_in_code_points) {
    const auto request = [](std::size_t chars) {
        std::string text;
        for (std::size_t i = 0; i < chars; ++i) text += "寿";
        return with(booking, "party_size", "4,\"special_requests\":\"" + text + "\"");
    };
    EXPECT_EQ(wrong(parse_reservation_request(request(limits::special_requests_chars), scratch)), "");
    EXPECT_EQ(wrong(parse_reservation_request(request(limits::special_requests_chars + 1), scratch)),
              "/special_requests");
}

TEST(parse_reservation, a_change_says_only_what_changes) {
    const auto nothing = parse_reservation_change("{}", scratch);
    ASSERT_TRUE(nothing.has_value());
    EXPECT_FALSE(nothing->date || nothing->minute || nothing->party_size || nothing->special_requests);
    const auto cleared = parse_reservation_change(R"({"special_requests":null,"time":"20:00"})", scratch);
    ASSERT_TRUE(cleared.has_value());
    EXPECT_EQ(cleared->special_requests, "");
    EXPECT_EQ(cleared->minute, 1200);
    EXPECT_EQ(wrong(parse_reservation_change(R"({"date":null,"time":null,"status":"seated"})", scratch)),
              "/date /time /status");
}

const std::string registration =
    R"({"email":"Zoe@Example.com","password":"correct horse","first_name":"Zoë","last_name":"Ø"})";

TEST(parse_account, a_customer_registers) {
    const auto body = parse_customer_registration(registration, scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->email, "Zoe@Example.com");
    EXPECT_EQ(body->password, "correct horse");
    EXPECT_EQ(body->first_name, "Zoë");
    EXPECT_EQ(body->last_name, "Ø");
    EXPECT_EQ(body->phone, "");
    for (const char* none : {"null", "\"\""}) {
        EXPECT_EQ(wrong(parse_customer_registration(
                      with(registration, "last_name", "\"Ø\",\"phone\":" + std::string(none)), scratch)),
                  "");
    }
    EXPECT_EQ(
        wrong(parse_customer_registration(with(registration, "last_name", "\"Ø\",\"phone\":\"x\""), scratch)),
        "/phone");
}

TEST(parse_account, a_customer_registers_wrongly) {
    const std::pair<const char*, const char*> bad[] = {{"email", "\"zoe\""},
                                                       {"email", "null"},
                                                       {"email", ""},
                                                       {"password", "\"1234567\""},
                                                       {"password", "1"},
                                                       {"first_name", "\"\""},
                                                       {"first_name", "\"  \""},
                                                       {"last_name", "\"a\\u202eb\""},
                                                       {"last_name", ""},
                                                       {"email", "\"a b@c.co\""}};
    for (const auto& [member, value] : bad) {
        EXPECT_EQ(wrong(parse_customer_registration(with(registration, member, value), scratch)),
                  "/" + std::string(member))
            << value;
    }
    const std::string long_password = "\"" + std::string(limits::password_chars + 1, 'x') + "\"";
    EXPECT_EQ(wrong(parse_customer_registration(with(registration, "password", long_password), scratch)),
              "/password");
}

TEST(parse_account, staff_log_in_and_verify) {
    EXPECT_EQ(wrong(parse_staff_registration(
                  R"({"email":"o@example.com","password":"correct horse","full_name":"Owner"})", scratch)),
              "");
    EXPECT_EQ(wrong(parse_staff_registration("{}", scratch)), "/email /password /full_name");
    EXPECT_EQ(wrong(parse_credentials(R"({"email":"no address","password":"x"})", scratch)), "");
    EXPECT_EQ(wrong(parse_credentials(R"({"email":1,"password":null,"remember":true})", scratch)),
              "/email /password /remember");
    EXPECT_EQ(parse_email_verification(R"({"token":"abc"})", scratch)->token, "abc");
    EXPECT_EQ(wrong(parse_email_verification(R"({"token":""})", scratch)), "/token");
}

TEST(parse_slots, one) {
    const auto body = parse_slots(
        R"({"date":"2026-12-24","time_slot":"19:30","party_size":4,"available_tables":3,"is_available":false})",
        scratch);
    ASSERT_TRUE(body.has_value());
    ASSERT_EQ(body->size(), 1U);
    EXPECT_EQ(to_string(body->front().date), "2026-12-24");
    EXPECT_EQ(body->front().minute, 1170);
    EXPECT_EQ(body->front().party_size, 4);
    EXPECT_EQ(body->front().available_tables, 3);
    EXPECT_FALSE(body->front().is_available);
    EXPECT_EQ(wrong(parse_slots("{}", scratch)), "/date /time_slot /party_size /available_tables");
    EXPECT_EQ(wrong(parse_slots(
                  R"({"date":"2026-12-24","time":"19:30","party_size":4,"available_tables":-1})", scratch)),
              "/time_slot /available_tables /time");
}

TEST(parse_slots, a_list) {
    const std::string one =
        R"({"date":"2026-12-24","time_slot":"19:30","party_size":4,"available_tables":3})";
    const std::string other =
        R"({"date":"2026-12-24","time_slot":"19:30","party_size":2,"available_tables":3})";
    EXPECT_EQ(parse_slots("{\"slots\":[" + one + "," + other + "]}", scratch)->size(), 2U);
    EXPECT_TRUE(parse_slots("{\"slots\":[" + one + "]}", scratch)->front().is_available);
    EXPECT_EQ(wrong(parse_slots("{\"slots\":[" + one + "," + other + "," + one + "]}", scratch)), "/slots/2");
    EXPECT_EQ(
        wrong(parse_slots("{\"slots\":[" + one + ",{\"date\":\"x\",\"b\":1},7]}", scratch)),
        "/slots/1/date /slots/1/time_slot /slots/1/party_size /slots/1/available_tables /slots/1/b /slots/2");
    EXPECT_EQ(wrong(parse_slots(R"({"slots":[]})", scratch)), "/slots");
    EXPECT_EQ(wrong(parse_slots(R"({"slots":{}})", scratch)), "/slots");
    EXPECT_EQ(wrong(parse_slots("{\"slots\":[" + one + "],\"date\":\"2026-12-24\"}", scratch)), "/date");
}

TEST(parse_slots, a_rule_over_dates_times_and_party_sizes) {
    const auto body =
        parse_slots(R"({"dates":["2026-12-25","2026-12-24","2026-12-24"],"times":["19:00","18:00"],)"
                    R"("party_sizes":[4,2],"available_tables":5})",
                    scratch);
    ASSERT_TRUE(body.has_value());
    ASSERT_EQ(body->size(), 8U);
    EXPECT_EQ(to_string(body->front().date), "2026-12-24");
    EXPECT_EQ(body->front().minute, 1080);
    EXPECT_EQ(body->front().party_size, 2);
    EXPECT_EQ(body->back().party_size, 4);
    EXPECT_EQ(to_string(body->back().date), "2026-12-25");
    EXPECT_TRUE(std::all_of(body->begin(), body->end(),
                            [](const slot& s) { return s.available_tables == 5 && s.is_available; }));
}

TEST(parse_slots, a_rule_over_a_span) {
    const auto body =
        parse_slots(R"({"date_from":"2026-11-23","date_to":"2026-12-06","weekdays":["friday","saturday"],)"
                    R"("time_slots":["18:00"],"party_sizes":[2],"available_tables":1,"is_available":false})",
                    scratch);
    ASSERT_TRUE(body.has_value());
    std::string dates;
    for (const slot& s : *body) dates += to_string(s.date) + " ";
    EXPECT_EQ(dates, "2026-11-27 2026-11-28 2026-12-04 2026-12-05 ");
    EXPECT_FALSE(body->front().is_available);
}

TEST(parse_slots, rules_that_are_none) {
    const auto rule = [](const std::string& dates, const std::string& rest) {
        return wrong(parse_slots("{" + dates + "," + rest + ",\"available_tables\":1}", scratch));
    };
    const std::string rest = R"("times":["18:00"],"party_sizes":[2])";
    EXPECT_EQ(rule(R"("date_from":"2026-12-02","date_to":"2026-12-01")", rest), "/date_to");
    EXPECT_EQ(rule(R"("date_from":"2026-01-01","date_to":"2027-01-02")", rest), "/date_to");
    EXPECT_EQ(rule(R"("date_from":"2026-01-01","date_to":"9999-12-31")", rest), "/date_to");
    EXPECT_EQ(rule(R"("date_from":"2026-01-01")", rest), "/date_to");
    EXPECT_EQ(rule(R"("date_from":"2026-11-23","date_to":"2026-11-23","weekdays":["sunday"])", rest),
              "(body)");
    EXPECT_EQ(rule(R"("date_from":"2026-11-23","date_to":"2026-11-23","weekdays":["Sun",1])", rest),
              "/weekdays/0 /weekdays/1");
    EXPECT_EQ(rule(R"("dates":["2026-12-24","x",3])", rest), "/dates/1 /dates/2");
    EXPECT_EQ(rule(R"("dates":["2026-12-24"],"date_from":"2026-12-24","date_to":"2026-12-24")", rest),
              "/dates");
    EXPECT_EQ(rule(R"("dates":["2026-12-24"],"weekdays":["monday"])", rest), "/weekdays");
    EXPECT_EQ(rule(R"("dates":["2026-12-24"])", R"("times":["25:00"],"party_sizes":[0,1.5])"),
              "/times/0 /party_sizes/0 /party_sizes/1");
    EXPECT_EQ(
        rule(R"("dates":["2026-12-24"])", R"("times":["18:00"],"time_slots":["18:00"],"party_sizes":[2])"),
        "/time_slots");
    EXPECT_EQ(rule(R"("dates":[])", R"("party_sizes":[2])"), "/dates /time_slots");
}

TEST(parse_slots, a_rule_is_bounded_before_it_is_expanded) {
    std::string times = "\"times\":[";
    for (int minute = 0; minute < 1440; minute += 15) times += "\"" + time_of_day_to_string(minute) + "\",";
    times.back() = ']';
    const auto body = [&](const char* date_to, const char* sizes) {
        return parse_slots("{\"date_from\":\"2026-01-01\",\"date_to\":\"" + std::string(date_to) + "\"," +
                               times + ",\"party_sizes\":" + sizes + ",\"available_tables\":1}",
                           scratch);
    };
    EXPECT_EQ(body("2026-02-21", "[2]")->size(), 96U * 52U);  // 4992
    EXPECT_EQ(wrong(body("2026-02-22", "[2]")), "(body)");
    EXPECT_EQ(wrong(body("2026-12-31", "[1,2,3,4,5,6,7,8]")), "(body)");
}

TEST(parse_slots, a_change) {
    const auto body = parse_slot_change(R"({"available_tables":0})", scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->available_tables, 0);
    EXPECT_FALSE(body->is_available);
    EXPECT_EQ(parse_slot_change(R"({"is_available":false})", scratch)->is_available, false);
    EXPECT_EQ(wrong(parse_slot_change("{}", scratch)), "");
    EXPECT_EQ(
        wrong(parse_slot_change(R"({"available_tables":null,"is_available":"no","party_size":2})", scratch)),
        "/available_tables /is_available /party_size");
}

TEST(parse_restaurant, a_new_one) {
    const auto body = parse_restaurant(
        R"({"name":"Nøma","is_public":false,"description":"d","cuisine_type":"nordic","price_range":"$$$$",)"
        R"("latitude":55.68,"longitude":-180,"phone":"+45 3296 3297","website":"https://noma.dk","address":"a",)"
        R"("timezone":"Europe/Copenhagen","hours_monday":"12:00-15:00,18:00-02:00","hours_sunday":""})",
        scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->name, "Nøma");
    EXPECT_FALSE(body->is_public);
    EXPECT_EQ(body->price_range, 4);
    EXPECT_EQ(body->latitude, 55.68);
    EXPECT_EQ(body->longitude, -180.0);
    EXPECT_EQ(body->timezone, "Europe/Copenhagen");
    EXPECT_EQ(body->hours.days[0].size(), 2U);
    EXPECT_TRUE(body->hours.days[6].empty());
    const auto least = parse_restaurant(R"({"name":"x"})", scratch);
    ASSERT_TRUE(least.has_value());
    EXPECT_TRUE(least->is_public);
    EXPECT_EQ(least->timezone, "UTC");
    EXPECT_EQ(least->price_range, 0);
}

TEST(parse_restaurant, what_is_refused) {
    const std::pair<std::string, std::string> bad[] = {{"name", "\"\""},
                                                       {"name", "null"},
                                                       {"is_public", "1"},
                                                       {"price_range", "\"$$$$$\""},
                                                       {"price_range", "3"},
                                                       {"phone", "\"call me\""},
                                                       {"website", "\"noma.dk\""},
                                                       {"timezone", "\"\""},
                                                       {"timezone", "null"},
                                                       {"timezone", "\"a b\""},
                                                       {"hours_monday", "\"9-17\""},
                                                       {"hours_friday", "\"10:00-14:00,13:00-15:00\""},
                                                       {"rating", "5"},
                                                       {"review_count", "1"},
                                                       {"id", "\"x\""},
                                                       {"description", "\"a\\u0000b\""}};
    for (const auto& [member, value] : bad) {
        const std::string body =
            (member == "name" ? "{" : "{\"name\":\"x\",") + ("\"" + member + "\":") + value + "}";
        EXPECT_EQ(wrong(parse_restaurant(body, scratch)), "/" + member) << body;
    }
    EXPECT_EQ(wrong(parse_restaurant("{}", scratch)), "/name");
}

TEST(parse_restaurant, coordinates) {
    const auto at = [](const char* latitude, const char* longitude) {
        return wrong(parse_restaurant(
            "{\"name\":\"x\",\"latitude\":" + std::string(latitude) + ",\"longitude\":" + longitude + "}",
            scratch));
    };
    EXPECT_EQ(at("90", "180"), "");
    EXPECT_EQ(at("-90", "-180"), "");
    EXPECT_EQ(at("null", "null"), "");
    EXPECT_EQ(at("90.1", "-180.1"), "/latitude /longitude");
    EXPECT_EQ(at("1e400", "0"), "/latitude");
    EXPECT_EQ(at("\"55\"", "\"0x1\""), "/latitude /longitude");
    EXPECT_EQ(at("5", "null"), "/longitude");
    EXPECT_EQ(at("null", "5"), "/latitude");
    EXPECT_EQ(at("1e99999999999", "0"), "/latitude");
    EXPECT_EQ(at("NaN", "5"), "/latitude");
    EXPECT_EQ(wrong(parse_restaurant(R"({"name":"x","latitude":5})", scratch)), "/longitude");
}

TEST(parse_restaurant, a_patch_tells_absent_null_and_value_apart) {
    restaurant_profile now;
    now.name = "Old";
    now.description = "kept";
    now.cuisine_type = "cleared";
    now.price_range = 2;
    now.latitude = 1;
    now.longitude = 2;
    now.timezone = "Europe/Berlin";
    now.hours.days[1] = *parse_day_hours("10:00-12:00");
    now.hours.days[2] = *parse_day_hours("10:00-12:00");
    const auto body = parse_restaurant_change(
        R"({"name":"New","cuisine_type":null,"price_range":null,"hours_tuesday":null,"longitude":3})",
        scratch, now);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->name, "New");
    EXPECT_EQ(body->description, "kept");
    EXPECT_EQ(body->cuisine_type, "");
    EXPECT_EQ(body->price_range, 0);
    EXPECT_EQ(body->latitude, 1.0);
    EXPECT_EQ(body->longitude, 3.0);
    EXPECT_EQ(body->timezone, "Europe/Berlin");
    EXPECT_TRUE(body->hours.days[1].empty());
    EXPECT_EQ(body->hours.days[2].size(), 1U);
    EXPECT_EQ(wrong(parse_restaurant_change("{}", scratch, now)), "");
    EXPECT_EQ(wrong(parse_restaurant_change(R"({"latitude":null})", scratch, now)), "/latitude");
    EXPECT_EQ(wrong(parse_restaurant_change(R"({"name":null,"rating":1})", scratch, now)), "/name /rating");
}

}  // namespace parse_test
}  // namespace qtable::proto
