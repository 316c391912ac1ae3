// The bodies of the evening's service: what they become, and what is refused where.
#include "proto/parse_service.hpp"

#include <gtest/gtest.h>

namespace qtable::proto {
namespace parse_service_test {

json_scratch scratch;

template <class T>
std::string wrong(const parsed<T>& body) {
    std::string pointers;
    if (body.has_value()) return pointers;
    for (const field_error& error : body.error().errors) {
        if (!pointers.empty()) pointers += ' ';
        pointers += error.pointer.empty() ? "(body)" : error.pointer;
    }
    return pointers.empty() ? std::string(wire_code(body.error().code)) : pointers;
}

constexpr std::string_view table_4 = "0190a5c0-0000-7000-8000-000000000004";

TEST(parse_service, all_that_staff_do_to_a_reservation) {
    const auto body = parse_reservation_service(
        R"({"status":"seated","table_ids":["0190a5c0-0000-7000-8000-000000000005","0190a5c0-0000-7000-8000-000000000004"],)"
        R"("date":"2026-12-24","time":"19:30","party_size":4,"special_requests":null,"stay_minutes":60,)"
        R"("override":["pacing","past"]})",
        scratch);
    ASSERT_TRUE(body.has_value()) << wrong(body);
    EXPECT_EQ(body->to, reservation_status::seated);
    ASSERT_EQ(body->where.tables.size(), 2U);
    EXPECT_EQ(to_string(body->where.tables[0]), table_4);
    EXPECT_EQ(body->minute, 1170);
    EXPECT_EQ(body->party_size, 4);
    EXPECT_EQ(body->special_requests, "");
    EXPECT_EQ(body->stay_min, 60);
    EXPECT_TRUE(body->overrides.has(reason::pacing) && body->overrides.has(reason::past));
    const auto nothing = parse_reservation_service("{}", scratch);
    ASSERT_TRUE(nothing.has_value());
    EXPECT_TRUE(!nothing->to && nothing->where.empty() && !nothing->special_requests &&
                nothing->overrides.none());
}

TEST(parse_service, what_is_refused_of_a_reservation) {
    const auto refused = [](std::string_view body) {
        return wrong(parse_reservation_service(body, scratch));
    };
    EXPECT_EQ(refused(R"({"status":"gone"})"), "/status");
    EXPECT_EQ(refused(R"({"table_id":"x","combination_id":"y"})"), "/combination_id");
    EXPECT_EQ(refused(R"({"table_id":"x","table_ids":["y"],"combination_id":"z"})"),
              "/table_ids /combination_id");
    EXPECT_EQ(refused(R"({"table_ids":[]})"), "/table_ids");
    EXPECT_EQ(refused(R"({"table_ids":["x",4]})"), "/table_ids/1");
    EXPECT_EQ(refused(R"({"override":["no_table"]})"), "/override/0");
    EXPECT_EQ(refused(R"({"override":["pacing","past"]})"), "/override/1");
    EXPECT_EQ(refused(R"({"override":["hurry"]})"), "/override/0");
    EXPECT_EQ(refused(R"({"override":"pacing"})"), "/override");
    EXPECT_EQ(refused(R"({"stay_minutes":0,"party_size":101,"guest_id":1})"),
              "/party_size /stay_minutes /guest_id");
}

TEST(parse_service, seating_and_assigning) {
    EXPECT_TRUE(parse_seating("{}", scratch)->where.empty());
    const auto seat = parse_seating(
        R"({"combination_id":"0190a5c0-0000-7000-8000-000000000004","override":["past"]})", scratch);
    ASSERT_TRUE(seat.has_value());
    EXPECT_EQ(to_string(*seat->where.combination), table_4);
    EXPECT_EQ(wrong(parse_seating(R"({"stay_minutes":721,"status":"seated"})", scratch)),
              "/stay_minutes /status");
    EXPECT_EQ(wrong(parse_assignment("{}", scratch)), "(body)");
    EXPECT_EQ(wrong(parse_assignment(R"({"table_id":"x","override":["past"]})", scratch)), "/override/0");
    EXPECT_EQ(wrong(parse_assignment(R"({"table_id":"x"})", scratch)), "");
}

TEST(parse_service, guests) {
    const auto body = parse_new_guest(
        R"({"name":"Ada","phone":null,"party_size":3,"source":"waitlist","quoted_minutes":20,"notes":"by the window"})",
        scratch);
    ASSERT_TRUE(body.has_value()) << wrong(body);
    EXPECT_EQ(body->source, guest_source::waitlist);
    EXPECT_EQ(body->quoted_min, 20);
    EXPECT_EQ(body->notes, "by the window");
    EXPECT_EQ(parse_new_guest(R"({"name":"Ada","party_size":3})", scratch)->source, guest_source::walk_in);
    EXPECT_EQ(wrong(parse_new_guest("{}", scratch)), "/name /party_size");
    EXPECT_EQ(wrong(parse_new_guest(
                  R"({"name":" ","party_size":0,"source":"reservation","quoted_minutes":601})", scratch)),
              "/name /party_size /source /quoted_minutes");
    EXPECT_EQ(
        wrong(parse_new_guest(R"({"name":"A","party_size":1,"source":"street","customer_id":"x"})", scratch)),
        "/source /customer_id");
    const auto change = parse_guest_change(R"({"phone":null,"party_size":5})", scratch);
    ASSERT_TRUE(change.has_value());
    EXPECT_EQ(change->phone, "");
    EXPECT_EQ(change->party_size, 5);
    EXPECT_FALSE(change->name || change->notes || change->quoted_min);
    EXPECT_EQ(wrong(parse_guest_change(R"({"name":null,"status":"seated"})", scratch)), "/name /status");
}

}  // namespace parse_service_test
}  // namespace qtable::proto
