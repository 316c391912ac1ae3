// The published documents against what the code does: codes, words, bounds, and the members of each resource.
#include "proto/api_documents.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include "core/base/limits.hpp"
#include "core/event/event.hpp"
#include "core/model/reasons.hpp"
#include "proto/json_document.hpp"
#include "proto/json_renderer.hpp"
#include "proto/problem.hpp"
#include "proto/render_account.hpp"
#include "proto/render_activity.hpp"
#include "proto/render_availability.hpp"
#include "proto/render_event.hpp"
#include "proto/render_history.hpp"
#include "proto/render_list.hpp"
#include "proto/render_reservation.hpp"
#include "proto/render_restaurant.hpp"
#include "proto/render_review.hpp"
#include "proto/render_settings.hpp"

namespace qtable::proto {
namespace api_documents_test {

using words = std::vector<std::string>;

class document {
  public:
    explicit document(std::string_view text) : root_(parse_json(text, scratch_, errors_)) {}
    bool parsed() const { return root_ != nullptr; }
    const json_value& root() const { return *root_; }

    // Of a path as "/components/schemas/Slot"; the paths of the API have "~1" for "/".
    const json_value* find(std::string_view pointer) const {
        const json_value* at = root_;
        while (!pointer.empty() && at != nullptr) {
            pointer.remove_prefix(1);
            const std::size_t end = std::min(pointer.find('/'), pointer.size());
            std::string name(pointer.substr(0, end));
            for (std::size_t i = name.find("~1"); i != std::string::npos; i = name.find("~1"))
                name.replace(i, 2, "/");
            at = at->find(name);
            pointer.remove_prefix(end);
        }
        return at;
    }

    std::string number(std::string_view pointer) const {
        const json_value* at = find(pointer);
        return at == nullptr ? "(none)" : std::string(at->text);
    }

    words texts(std::string_view pointer) const {
        words found;
        const json_value* at = find(pointer);
        for (const json_value* one = at == nullptr ? nullptr : at->first; one != nullptr; one = one->next) {
            found.emplace_back(one->text);
        }
        return found;
    }

    void expect_references_to_exist() const { check_references(root()); }

  private:
    void check_references(const json_value& value) const {
        for (const json_value* child = value.first; child != nullptr; child = child->next) {
            if (child->key == "$ref") {
                EXPECT_NE(find(child->text.substr(1)), nullptr) << child->text;
            }
            check_references(*child);
        }
    }

    json_scratch scratch_;
    input_errors errors_;
    const json_value* root_;
};

words keys_of(const json_value& object) {
    words keys;
    for (const json_value* member = object.first; member != nullptr; member = member->next) {
        keys.emplace_back(member->key);
    }
    return keys;
}

words keys_of(std::string_view json) {
    const document parsed(json);
    return parsed.parsed() ? keys_of(parsed.root()) : words{"(no JSON)"};
}

template <class Write>
words keys_written(Write write) {
    std::string out;
    write(out);
    return keys_of(out);
}

const document& openapi() {
    static const document parsed(openapi_document());
    return parsed;
}

const document& asyncapi() {
    static const document parsed(asyncapi_document());
    return parsed;
}

words required(const std::string& schema) {
    return openapi().texts("/components/schemas/" + schema + "/required");
}

TEST(api_documents, are_json_with_references_that_exist) {
    ASSERT_TRUE(openapi().parsed());
    ASSERT_TRUE(asyncapi().parsed());
    EXPECT_EQ(openapi().find("/openapi")->text, "3.1.0");
    EXPECT_EQ(asyncapi().find("/asyncapi")->text, "3.0.0");
    openapi().expect_references_to_exist();
    asyncapi().expect_references_to_exist();
}

TEST(api_documents, know_the_endpoints) {
    const words expected = {"post /customer/register",
                            "post /customer/login",
                            "post /customer/verify-email",
                            "post /customer/reservations",
                            "get /customer/reservations",
                            "put /customer/reservations/{reservation_id}",
                            "delete /customer/reservations/{reservation_id}",
                            "get /customer/reservations/{reservation_id}",
                            "get /customer/reservations/{reservation_id}/history",
                            "get /customer/reservations/{reservation_id}.ics",
                            "post /customer/reservations/{reservation_id}/check-in",
                            "post /customer/reservations/{reservation_id}/running-late",
                            "post /customer/reservations/{reservation_id}/review",
                            "post /customer/holds",
                            "get /customer/holds",
                            "get /customer/holds/{hold_id}",
                            "delete /customer/holds/{hold_id}",
                            "post /customer/waitlist",
                            "get /customer/waitlist",
                            "get /customer/waitlist/{guest_id}",
                            "delete /customer/waitlist/{guest_id}",
                            "get /public/restaurants/{restaurant_id}/reviews",
                            "get /public/restaurants/{restaurant_id}/wait-estimates",
                            "get /public/restaurants",
                            "get /public/restaurants/{restaurant_id}",
                            "get /public/restaurants/{restaurant_id}/availability",
                            "post /restaurants/{restaurant_id}/availability",
                            "put /restaurants/{restaurant_id}/availability/{slot_id}",
                            "get /restaurants/{restaurant_id}/customer-reservations",
                            "post /auth/register",
                            "post /auth/login",
                            "post /restaurants",
                            "get /restaurants/{restaurant_id}",
                            "patch /restaurants/{restaurant_id}",
                            "get /restaurants/{restaurant_id}/tables",
                            "post /restaurants/{restaurant_id}/tables",
                            "get /restaurants/{restaurant_id}/tables/{table_id}",
                            "patch /restaurants/{restaurant_id}/tables/{table_id}",
                            "delete /restaurants/{restaurant_id}/tables/{table_id}",
                            "get /livez",
                            "get /readyz",
                            "get /healthz",
                            "get /metrics",
                            "get /version",
                            "get /openapi.json"};
    for (const std::string& line : expected) {
        const std::size_t space = line.find(' ');
        const json_value* path = openapi().find("/paths")->find(line.substr(space + 1));
        ASSERT_NE(path, nullptr) << line;
        EXPECT_NE(path->find(line.substr(0, space)), nullptr) << line;
    }
}

TEST(api_documents, every_operation_is_complete) {
    const std::set<std::string_view> verbs = {"get", "post", "put", "patch", "delete"};
    std::set<std::string_view> ids;
    for (const json_value* path = openapi().find("/paths")->first; path != nullptr; path = path->next) {
        for (const json_value* operation = path->first; operation != nullptr; operation = operation->next) {
            if (!verbs.contains(operation->key)) continue;
            ASSERT_NE(operation->find("operationId"), nullptr) << path->key;
            EXPECT_TRUE(ids.insert(operation->find("operationId")->text).second) << path->key;
            EXPECT_NE(operation->find("security"), nullptr) << path->key;
            ASSERT_NE(operation->find("responses"), nullptr) << path->key;
            EXPECT_TRUE(operation->find("responses")->first->key.starts_with('2')) << path->key;
            const bool has_id = path->key.find('{') != std::string_view::npos;
            EXPECT_TRUE(!has_id || operation->find("responses")->find("404") != nullptr) << path->key;
        }
    }
}

TEST(api_documents, know_every_code_and_word) {
    words codes;
    for (int i = 1; i < static_cast<int>(errc::count_); ++i)
        codes.emplace_back(wire_code(static_cast<errc>(i)));
    EXPECT_EQ(openapi().texts("/components/schemas/ErrorCode/enum"), codes);
    EXPECT_EQ(openapi().texts("/components/schemas/Reason/enum"),
              words(reason_words.begin(), reason_words.end()));
    words statuses;
    for (int i = 0; i < 5; ++i) statuses.emplace_back(to_string(static_cast<reservation_status>(i)));
    EXPECT_EQ(openapi().texts("/components/schemas/ReservationStatus/enum"), statuses);
    words table_words;
    for (int i = 0; i < 5; ++i) table_words.emplace_back(to_string(static_cast<table_status>(i)));
    EXPECT_EQ(openapi().texts("/components/schemas/Table/properties/status/enum"), table_words);
}

TEST(api_documents, tell_the_bounds_that_hold) {
    const std::string schemas = "/components/schemas/";
    const std::pair<std::string, std::size_t> bounds[] = {
        {"PartySize/maximum", limits::party_size_max},
        {"TableCount/maximum", limits::slot_tables_max},
        {"Problem/properties/errors/maxItems", limits::input_errors_max},
        {"CustomerRegistration/properties/email/maxLength", limits::email_chars},
        {"CustomerRegistration/properties/password/minLength", limits::password_chars_min},
        {"CustomerRegistration/properties/password/maxLength", limits::password_chars},
        {"CustomerRegistration/properties/first_name/maxLength", limits::name_chars},
        {"CustomerRegistration/properties/phone/maxLength", limits::phone_chars},
        {"EmailVerification/properties/token/maxLength", limits::token_chars},
        {"ReservationRequest/properties/special_requests/maxLength", limits::special_requests_chars},
        {"RestaurantRequest/properties/description/maxLength", limits::description_chars},
        {"RestaurantRequest/properties/cuisine_type/maxLength", limits::cuisine_chars},
        {"RestaurantRequest/properties/website/maxLength", limits::url_chars},
        {"RestaurantRequest/properties/address/maxLength", limits::address_chars},
        {"RestaurantRequest/properties/timezone/maxLength", limits::timezone_chars},
        {"RestaurantRequest/properties/hours_monday/maxLength", limits::hours_chars},
        {"TableRequest/properties/label/maxLength", limits::label_chars},
        {"TableRequest/properties/x/maximum", static_cast<std::size_t>(limits::floor_plan_max)},
        {"SlotListRequest/properties/slots/maxItems", limits::slots_per_request},
        {"WaitlistRequest/properties/notes/maxLength", limits::notes_chars},
        {"RunningLate/properties/minutes/maximum", limits::running_late_max_min},
        {"ReviewRequest/properties/text/maxLength", limits::review_chars},
        {"TableBulkRequest/properties/tables/maxItems", limits::tables_per_restaurant},
        {"CombinationRequest/properties/table_ids/maxItems", limits::tables_per_combination},
        {"Seating/properties/table_ids/maxItems", limits::tables_per_combination},
        {"Seating/properties/stay_minutes/maximum", limits::stay_max_min},
        {"GuestRequest/properties/name/maxLength", limits::name_chars},
        {"GuestRequest/properties/notes/maxLength", limits::notes_chars},
        {"GuestRequest/properties/quoted_minutes/maximum", limits::quoted_max_min},
        {"BookingRulesChange/properties/window_days/maximum", limits::booking_window_max_days},
        {"BookingRulesChange/properties/slot_interval_minutes/multipleOf", limits::grid_min},
        {"Problem/properties/reservations/maxItems", limits::named_reservations}};
    for (const auto& [pointer, bound] : bounds) {
        EXPECT_EQ(openapi().number(schemas + pointer), std::to_string(bound)) << pointer;
    }
    const std::string parameters = "/components/parameters/";
    EXPECT_EQ(openapi().number(parameters + "limit/schema/maximum"), std::to_string(limits::list_max));
    EXPECT_EQ(openapi().number(parameters + "limit/schema/default"), std::to_string(limits::list_default));
    EXPECT_EQ(openapi().number(parameters + "idempotency_key/schema/maxLength"),
              std::to_string(limits::idempotency_key_chars));
}

TEST(api_documents, have_the_members_that_are_written) {
    const json_renderer renderer;
    EXPECT_EQ(required("Reservation"), keys_of(renderer.reservation_json({}, zone::utc())));
    EXPECT_EQ(required("StaffReservation"),
              keys_written([](std::string& out) { write_staff_reservation(out, {}, zone::utc(), "", ""); }));
    EXPECT_EQ(required("Slot"), keys_of(renderer.slot_json({}, {})));
    EXPECT_EQ(required("SlotItems"), keys_of(renderer.slots_json({}, {})));
    EXPECT_EQ(required("Table"), keys_of(renderer.table_json({}, {})));
    EXPECT_EQ(required("Restaurant"), keys_of(renderer.restaurant_json({})));
    EXPECT_EQ(required("PublicRestaurant"),
              keys_written([](std::string& out) { write_public_restaurant(out, {}); }));
    EXPECT_EQ(required("SearchResult"), keys_written([](std::string& out) {
                  std::string members;
                  render_public_members({}, members);
                  begin_search_line(out, members, 1);
                  end_search_line(out);
              }));
    EXPECT_EQ(required("SearchFeature"), keys_written([](std::string& out) {
                  begin_search_feature(out, {}, 0, 0, "\"id\":1", 0);
                  end_search_feature(out);
              }));
    EXPECT_EQ(required("AvailabilitySlot"),
              keys_written([](std::string& out) { availability_lines(out).add({}); }));
    EXPECT_EQ(required("Availability"), keys_written([](std::string& out) {
                  begin_availability(out, {}, {}, "UTC", 2);
                  end_availability(out);
              }));
    EXPECT_EQ(required("AvailabilityOfDays"), keys_written([](std::string& out) {
                  begin_availability_days(out, {}, {}, "UTC", 2);
                  end_availability_days(out);
              }));
    EXPECT_EQ(required("Customer"), keys_written([](std::string& out) { write_customer(out, {}); }));
    EXPECT_EQ(required("Staff"), keys_written([](std::string& out) { write_staff(out, {}); }));
    EXPECT_EQ(required("CustomerLogin"),
              keys_written([](std::string& out) { write_login(out, {}, customer_account{}); }));
    EXPECT_EQ(required("StaffLogin"),
              keys_written([](std::string& out) { write_login(out, {}, staff_account{}); }));
    EXPECT_EQ(required("Combination"), keys_of(renderer.combination_json({}, {})));
    EXPECT_EQ(required("TableItems"), keys_of(renderer.tables_json({}, {})));
    EXPECT_EQ(required("SpecialDay"), keys_of(renderer.special_day_json({})));
    EXPECT_EQ(required("BookingRulesOfVersion"), keys_of(renderer.rules_json({})));
    EXPECT_EQ(required("Hours"), keys_written([](std::string& out) { write_hours(out, {}); }));
    EXPECT_EQ(required("Guest"), keys_of(renderer.guest_json({}, {}, nullptr)));
    EXPECT_EQ(required("GuestList"), keys_of(renderer.guests_json({}, {}, {})));
    EXPECT_EQ(required("Hold"), keys_of(renderer.hold_json({}, zone::utc())));
    EXPECT_EQ(required("HoldList"), keys_written([](std::string& out) { list_writer(out).end(); }));
    EXPECT_EQ(required("Review"), keys_of(renderer.review_json({})));
    EXPECT_EQ(required("PublicReview"), keys_written([](std::string& out) { write_public_review(out, {}); }));
    EXPECT_EQ(required("ReservationHistory"),
              keys_written([](std::string& out) { history_writer(out).end(); }));
    EXPECT_EQ(required("WaitEstimates"), keys_of(renderer.wait_quotes_json({}, {}, {})));
    EXPECT_EQ(required("Activity"), keys_written([](std::string& out) { write_activity(out, {}); }));
    EXPECT_EQ(required("Updates"), keys_written([](std::string& out) {
                  write_changes(out, {});
                  append_customers(out, {});
              }));
    const restaurant config;
    const zone utc = zone::utc();
    floor_picture floor;
    floor.config = &config;
    floor.local_zone = &utc;
    std::string floor_text = renderer.floor_json(floor);
    append_customers(floor_text, {});
    EXPECT_EQ(required("Floor"), keys_of(floor_text));
    dashboard_picture day;
    day.config = &config;
    day.local_zone = &utc;
    std::string day_text = renderer.dashboard_json(day);
    append_customers(day_text, {});
    EXPECT_EQ(required("Dashboard"), keys_of(day_text));
    EXPECT_EQ(required("Problem"),
              keys_written([](std::string& out) { write_problem(out, errc::not_found); }));
}

TEST(api_documents, know_every_event) {
    const json_value& messages = *asyncapi().find("/components/messages");
    const words envelope = keys_written([](std::string& out) { write_event(out, {}, "{}"); });
    words expected = {"hello", "resync_required", "going_away"};
    for (int i = 0; i < static_cast<int>(event_type::count_); ++i) {
        expected.emplace_back(to_string(static_cast<event_type>(i)));
    }
    for (int i = 0; i < static_cast<int>(customer_event_type::count_); ++i) {
        expected.emplace_back(to_string(static_cast<customer_event_type>(i)));
    }
    EXPECT_EQ(keys_of(messages), expected);
    for (std::size_t i = 3; i < expected.size(); ++i) {
        EXPECT_EQ(asyncapi().texts("/components/messages/" + expected[i] + "/payload/required"), envelope);
    }
    EXPECT_EQ(asyncapi().texts("/components/messages/hello/payload/required"),
              keys_written([](std::string& out) { write_hello(out, 1, 1); }));
    EXPECT_EQ(asyncapi().texts("/components/messages/going_away/payload/required"),
              keys_written([](std::string& out) { write_going_away(out, 1); }));
    EXPECT_EQ(asyncapi().texts("/components/schemas/AvailabilityChange/required"),
              keys_written([](std::string& out) { availability_change_writer(out, date{}).end(); }));
}

}  // namespace api_documents_test
}  // namespace qtable::proto
