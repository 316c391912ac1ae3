// The bodies of what managers configure: what they become, and what is refused where.
#include "proto/parse_settings.hpp"

#include <gtest/gtest.h>

#include "proto/parse_restaurant.hpp"

namespace qtable::proto {
namespace parse_settings_test {

json_scratch scratch;

// The pointers in error, "" when there is none.
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

std::string wrong_rules(std::string_view body) {
    return wrong(parse_rules_change(body, scratch, booking_rules{}));
}

TEST(parse_rules, what_is_said_changes_and_the_rest_stays) {
    booking_rules now;
    now.pacing_covers = 7;
    now.buffer_after_min = 10;
    const auto body = parse_rules_change(
        R"({"slot_interval_minutes":15,"turn_times":[{"up_to_party":2,"minutes":75},{"up_to_party":8,"minutes":120}],)"
        R"("buffer_after_minutes":0,"house_pacing_parties":3,"no_show_grace_minutes":20,"version":4})",
        scratch, now);
    ASSERT_TRUE(body.has_value()) << wrong(body);
    EXPECT_EQ(body->version, 4);
    EXPECT_EQ(body->rules.slot_interval_min, 15);
    EXPECT_EQ(body->rules.turn_times, (std::vector<turn_time>{{2, 75}, {8, 120}}));
    EXPECT_EQ(body->rules.buffer_after_min, 0);
    EXPECT_EQ(body->rules.house_pacing_parties, 3);
    EXPECT_EQ(body->rules.no_show_grace_min, 20);
    EXPECT_EQ(body->rules.pacing_covers, 7);
    EXPECT_EQ(parse_rules_change("{}", scratch, now)->rules, now);
}

TEST(parse_rules, every_bound_has_its_pointer) {
    const std::pair<std::string, std::string> refused[] = {
        {R"({"slot_interval_minutes":0})", "/slot_interval_minutes"},
        {R"({"slot_interval_minutes":7})", "/slot_interval_minutes"},
        {R"({"slot_interval_minutes":1445})", "/slot_interval_minutes"},
        {R"({"turn_times":[]})", "/turn_times"},
        {R"({"turn_times":[{"up_to_party":2,"minutes":91}]})", "/turn_times/0/minutes"},
        {R"({"turn_times":[{"up_to_party":2,"minutes":725}]})", "/turn_times/0/minutes"},
        {R"({"turn_times":[{"up_to_party":0,"minutes":90}]})", "/turn_times/0/up_to_party"},
        {R"({"turn_times":[{"up_to_party":4,"minutes":90},{"up_to_party":4,"minutes":95}]})",
         "/turn_times/1/up_to_party"},
        {R"({"turn_times":[{"up_to_party":4,"minutes":90,"x":1}]})", "/turn_times/0/x"},
        {R"({"buffer_before_minutes":3})", "/buffer_before_minutes"},
        {R"({"buffer_after_minutes":-5})", "/buffer_after_minutes"},
        {R"({"buffer_after_minutes":1440})", "/buffer_after_minutes"},  // with a turn time more than a day
        {R"({"buffer_before_minutes":700,"turn_times":[{"up_to_party":9,"minutes":720}],"buffer_after_minutes":30})",
         "/buffer_before_minutes"},
        {R"({"min_notice_minutes":-1})", "/min_notice_minutes"},
        {R"({"window_days":367})", "/window_days"},
        {R"({"min_party":0})", "/min_party"},
        {R"({"max_party":101})", "/max_party"},
        {R"({"min_party":21})", "/min_party"},  // more than max_party, which is 20
        {R"({"max_party":3,"min_party":4})", "/min_party"},
        {R"({"oversize_cap":-1})", "/oversize_cap"},
        {R"({"pacing_parties":-1,"pacing_covers":10001})", "/pacing_parties /pacing_covers"},
        {R"({"house_pacing_covers":1.5})", "/house_pacing_covers"},
        {R"({"cancellation_cutoff_minutes":null})", "/cancellation_cutoff_minutes"},
        {R"({"no_show_grace_minutes":1441})", "/no_show_grace_minutes"},
        {R"({"slot_interval":15})", "/slot_interval"},
        {R"({"version":0})", "/version"},
        {"", "empty_body"},
    };
    for (const auto& [body, pointers] : refused) EXPECT_EQ(wrong_rules(body), pointers) << body;
}

TEST(parse_hours, days_that_are_not_named_stay) {
    restaurant_profile now;
    now.name = "Noma";
    now.hours.days[0] = *parse_day_hours("09:00-12:00");
    now.hours.days[1] = *parse_day_hours("10:00-12:00");
    const auto body =
        parse_hours_change(R"({"hours_monday":"18:00-02:00","hours_sunday":null,"version":3})", scratch, now);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(format_day_hours(body->profile.hours.days[0]), "18:00-02:00");
    EXPECT_EQ(format_day_hours(body->profile.hours.days[1]), "10:00-12:00");
    EXPECT_EQ(body->profile.name, "Noma");
    EXPECT_EQ(body->version, 3);
    EXPECT_EQ(
        wrong(parse_hours_change(R"({"hours_monday":"18:00-20:00,19:00-21:00","name":"x"})", scratch, now)),
        "/hours_monday /name");
}

TEST(parse_special_day, days) {
    const auto body = parse_special_day(
        R"({"date":"2026-12-24","hours":"11:00-15:00, 17:00-22:00","note":"Jul"})", scratch);
    ASSERT_TRUE(body.has_value());
    EXPECT_EQ(body->date, *parse_date("2026-12-24"));
    EXPECT_EQ(format_day_hours(body->hours), "11:00-15:00,17:00-22:00");
    EXPECT_EQ(body->note, "Jul");
    EXPECT_TRUE(parse_special_day(R"({"date":"2026-12-25","hours":""})", scratch)->hours.empty());
    EXPECT_EQ(wrong(parse_special_day("{}", scratch)), "/date /hours");
    EXPECT_EQ(wrong(parse_special_day(R"({"date":"2026-02-30","hours":"9-5","x":1})", scratch)),
              "/date /hours /x");
    EXPECT_EQ(wrong(parse_special_day(R"({"date":"2026-12-24","hours":"11:00-15:00,14:00-22:00"})", scratch)),
              "/hours");
    const date day = *parse_date("2026-12-24");
    EXPECT_EQ(parse_special_day_of(R"({"hours":""})", scratch, day)->date, day);
    EXPECT_EQ(wrong(parse_special_day_of(R"({"hours":"","date":"2026-12-24"})", scratch, day)), "");
    EXPECT_EQ(wrong(parse_special_day_of(R"({"hours":"","date":"2026-12-25"})", scratch, day)), "/date");
}

TEST(parse_pause, until_or_minutes_or_a_day) {
    const instant now = *parse_rfc3339("2026-11-22T12:00:00Z");
    EXPECT_EQ(parse_pause("{}", scratch, now)->until, *parse_rfc3339("2026-11-23T12:00:00Z"));
    EXPECT_EQ(parse_pause(R"({"minutes":45})", scratch, now)->until, now.plus_minutes(45));
    EXPECT_EQ(parse_pause(R"({"until":"2026-11-22T20:00:00+01:00"})", scratch, now)->until,
              *parse_rfc3339("2026-11-22T19:00:00Z"));
    const auto refused = [now](std::string_view body) { return wrong(parse_pause(body, scratch, now)); };
    EXPECT_EQ(refused(R"({"until":"2026-11-22T12:00:00Z"})"), "/until");
    EXPECT_EQ(refused(R"({"until":"2027-12-22T12:00:00Z"})"), "/until");
    EXPECT_EQ(refused(R"({"until":"tonight"})"), "/until");
    EXPECT_EQ(refused(R"({"minutes":0})"), "/minutes");
    EXPECT_EQ(refused(R"({"minutes":5,"until":"2026-11-22T20:00:00Z"})"), "/minutes");
}

}  // namespace parse_settings_test
}  // namespace qtable::proto
