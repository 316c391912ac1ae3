// Bodies of customers, a reservation's history, reviews.
#include <gtest/gtest.h>

#include "core/base/limits.hpp"
#include "proto/parse_diner.hpp"
#include "proto/render_history.hpp"
#include "proto/render_review.hpp"

namespace qtable::proto {
namespace diner_test {

json_scratch scratch;  // as a core keeps one

constexpr const char* house = "0190a5c0-0000-7000-8000-000000000002";

// "/a /b" of the pointers in error, "" when there is none.
template <class T>
std::string wrong(const parsed<T>& body) {
    if (body.has_value()) return "";
    std::string pointers;
    for (const field_error& error : body.error().errors) {
        if (!pointers.empty()) pointers += ' ';
        pointers += error.pointer;
    }
    return pointers.empty() ? std::string(wire_code(body.error().code)) : pointers;
}

TEST(parse_diner, a_hold) {
    const auto body = parse_hold_request(std::string(R"({"restaurant_id":")") + house +
                                             R"(","date":"2026-12-24","time":"19:30","party_size":4})",
                                         scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(to_string(body->restaurant), house);
    EXPECT_EQ(to_string(body->command.date), "2026-12-24");
    EXPECT_EQ(body->command.minute, 1170);
    EXPECT_EQ(body->command.party_size, 4);
    EXPECT_TRUE(body->command.id.is_nil());
    EXPECT_EQ(wrong(parse_hold_request("{}", scratch)), "/restaurant_id /date /time /party_size");
    EXPECT_EQ(wrong(parse_hold_request(R"({"restaurant_id":"x","date":"2026-12-24","time":"19:30",)"
                                       R"("party_size":101,"special_requests":"none"})",
                                       scratch)),
              "/party_size /special_requests");
}

TEST(parse_diner, the_waitlist) {
    const auto body = parse_waitlist_request(
        std::string(R"({"restaurant_id":")") + house + R"(","party_size":2,"notes":"Pram 🍼"})", scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->command.source, guest_source::waitlist);
    EXPECT_EQ(body->command.party_size, 2);
    EXPECT_EQ(body->command.notes, "Pram 🍼");
    EXPECT_FALSE(body->command.quoted_min);
    const std::string start = std::string(R"({"restaurant_id":")") + house + R"(","party_size":2)";
    EXPECT_EQ(wrong(parse_waitlist_request(start + R"(,"notes":null})", scratch)), "");
    for (const char* name : {"name", "phone", "source", "quoted_minutes", "customer_id"}) {
        EXPECT_EQ(wrong(parse_waitlist_request(start + ",\"" + name + "\":1}", scratch)),
                  std::string("/") + name);
    }
    const std::string longest(limits::notes_chars, 'n');
    EXPECT_EQ(wrong(parse_waitlist_request(start + R"(,"notes":")" + longest + "\"}", scratch)), "");
    EXPECT_EQ(wrong(parse_waitlist_request(start + R"(,"notes":"n)" + longest + "\"}", scratch)), "/notes");
}

TEST(parse_diner, running_late) {
    EXPECT_EQ(parse_running_late(R"({"minutes":15})", scratch)->minutes, 15);
    EXPECT_EQ(parse_running_late(R"({"minutes":0})", scratch)->minutes, 0);
    for (const char* minutes : {"-1", "181", "1.5", "null", "\"15\""}) {
        EXPECT_EQ(wrong(parse_running_late(std::string(R"({"minutes":)") + minutes + "}", scratch)),
                  "/minutes");
    }
    EXPECT_EQ(wrong(parse_running_late("{}", scratch)), "/minutes");
}

TEST(parse_diner, a_review) {
    const auto body = parse_review(R"({"rating":5,"text":"Lovely"})", scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->rating, 5);
    EXPECT_EQ(body->text, "Lovely");
    EXPECT_EQ(wrong(parse_review(R"({"rating":1,"text":null})", scratch)), "");
    for (const char* rating : {"0", "6", "4.5", "null"}) {
        EXPECT_EQ(wrong(parse_review(std::string(R"({"rating":)") + rating + "}", scratch)), "/rating");
    }
    const std::string longest(limits::review_chars, 'r');
    EXPECT_EQ(wrong(parse_review(R"({"rating":1,"text":")" + longest + "\"}", scratch)), "");
    EXPECT_EQ(wrong(parse_review(R"({"rating":1,"text":"r)" + longest + "\"}", scratch)), "/text");
}

TEST(parse_diner, nothing) {
    EXPECT_EQ(wrong(parse_nothing("{}", scratch)), "");
    EXPECT_EQ(wrong(parse_nothing(R"({"at":1})", scratch)), "/at");
    EXPECT_NE(wrong(parse_nothing("[]", scratch)), "");
}

TEST(parse_diner, party_sizes) {
    using sizes = std::vector<int>;
    EXPECT_EQ(parse_party_sizes("2"), sizes{2});
    EXPECT_EQ(parse_party_sizes("4,2,100,2"), (sizes{2, 4, 100}));
    for (const char* text :
         {"", ",", "2,", ",2", "2,,4", "0", "101", "-2", "+2", "2.5", "two", " 2", "2 ,4", "99999999999"}) {
        EXPECT_EQ(parse_party_sizes(text), sizes{}) << text;
    }
    std::string many = "1";
    for (std::size_t i = 1; i < limits::wait_quote_sizes; ++i) many += ",2";
    EXPECT_EQ(parse_party_sizes(many), (sizes{1, 2}));
    EXPECT_EQ(parse_party_sizes(many + ",3"), sizes{});
}

// ---- history

logged_event row(event_type type, std::string action, actor::kind by, std::string data) {
    logged_event made;
    made.type = type;
    made.at = instant{1'700'000'000'000};
    made.by = {by, *parse_uuid("0190a5c0-0000-7000-8000-0000000000aa")};
    made.data = std::move(data);
    made.action = std::move(action);
    return made;
}

std::string history_of(const std::vector<logged_event>& rows) {
    std::string out;
    history_writer history(out);
    for (const logged_event& each : rows) history.add(each);
    history.end();
    return out;
}

TEST(history, tells_what_changed_and_by_which_side) {
    using kind = actor::kind;
    const std::string told = history_of(
        {row(event_type::customer_reservation_received, "reservation.create", kind::customer,
             R"({"status":"confirmed","time":"19:00","party_size":2,"table_ids":["a"],"version":1})"),
         row(event_type::availability_updated, "reservation.create", kind::customer, R"({"date":null})"),
         row(event_type::customer_reservation_updated, "reservation.change", kind::staff,
             R"({"status":"confirmed","time":"20:00","party_size":4,"table_ids":["a","b"],"version":2})"),
         row(event_type::customer_reservation_updated, "reservation.late", kind::system,
             R"({"status":"confirmed","time":"20:00","party_size":4,"table_ids":["a","b"],"version":3,)"
             R"("running_late_minutes":10})")});
    EXPECT_EQ(told,
              R"({"items":[{"at":"2023-11-14T22:13:20.000Z","action":"reservation.create","by":"customer",)"
              R"("status":"confirmed","version":1,"changes":[]},)"
              R"({"at":"2023-11-14T22:13:20.000Z","action":"reservation.change","by":"staff",)"
              R"("status":"confirmed","version":2,"changes":[{"field":"time","from":"19:00","to":"20:00"},)"
              R"({"field":"party_size","from":2,"to":4},)"
              R"({"field":"table_ids","from":["a"],"to":["a","b"]}]},)"
              R"({"at":"2023-11-14T22:13:20.000Z","action":"reservation.late","by":"system",)"
              R"("status":"confirmed","version":3,)"
              R"("changes":[{"field":"running_late_minutes","from":null,"to":10}]}],"next_cursor":null})");
    EXPECT_EQ(told.find("0000000000aa"), std::string::npos) << "nobody of the staff is named";
}

TEST(history, of_rows_from_before_actions_and_of_none) {
    EXPECT_EQ(history_of({}), R"({"items":[],"next_cursor":null})");
    const std::string told =
        history_of({row(event_type::customer_checked_in, "", actor::kind::customer,
                        R"({"status":"confirmed","version":2})"),
                    row(event_type::customer_reservation_cancelled, "", actor::kind::customer,
                        R"({"status":"cancelled","version":3})")});
    EXPECT_NE(told.find(R"("action":"reservation.check_in")"), std::string::npos);
    EXPECT_NE(told.find(R"("action":"reservation.cancel")"), std::string::npos);
    EXPECT_NE(told.find(R"({"field":"status","from":"confirmed","to":"cancelled"})"), std::string::npos);
}

TEST(public_review, tells_the_first_name_only) {
    listed_review value;
    value.what.rating = 4;
    value.what.text = "Good \"soup\"";
    value.author = "Ada";
    std::string out;
    write_public_review(out, value);
    EXPECT_EQ(
        out, R"({"rating":4,"text":"Good \"soup\"","author":"Ada","created_at":"1970-01-01T00:00:00.000Z"})");
    value.what.text.clear();
    value.author.clear();
    out.clear();
    write_public_review(out, value);
    EXPECT_EQ(out, R"({"rating":4,"text":null,"author":null,"created_at":"1970-01-01T00:00:00.000Z"})");
}

}  // namespace diner_test
}  // namespace qtable::proto
