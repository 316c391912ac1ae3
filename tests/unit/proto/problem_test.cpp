#include "proto/problem.hpp"

#include <gtest/gtest.h>

#include <set>

#include "proto/json_document.hpp"

namespace qtable::proto {
namespace problem_test {

std::string problem(errc code, const problem_details& details = {}) {
    std::string out;
    write_problem(out, code, details);
    return out;
}

TEST(problem, every_code_has_its_row) {
    const std::set<int> statuses = {400, 401, 403, 404, 405, 406, 408, 409, 412, 413, 414,
                                    415, 421, 422, 426, 429, 431, 500, 501, 503, 505};
    std::set<std::string_view> titles;
    for (int i = 1; i < static_cast<int>(errc::count_); ++i) {
        const auto code = static_cast<errc>(i);
        const problem_row& row = problem_of(code);
        EXPECT_TRUE(statuses.contains(row.status)) << wire_code(code);
        EXPECT_FALSE(row.detail.empty()) << wire_code(code);
        EXPECT_TRUE(titles.insert(row.title).second) << wire_code(code);
        // Who is told when to come back may come back.
        EXPECT_TRUE(row.retry_after_s == 0 || row.retryable) << wire_code(code);
        EXPECT_TRUE((row.status != 503 && row.status != 429) || row.retry_after_s > 0) << wire_code(code);
        EXPECT_EQ(row.status == 500, code == errc::internal) << wire_code(code);
    }
}

TEST(problem, statuses_are_the_contracts) {
    const std::pair<errc, int> expected[] = {{errc::malformed_json, 400},
                                             {errc::duplicate_key, 400},
                                             {errc::empty_body, 400},
                                             {errc::malformed_request, 400},
                                             {errc::unauthorized, 401},
                                             {errc::invalid_credentials, 401},
                                             {errc::forbidden, 403},
                                             {errc::not_found, 404},
                                             {errc::slot_unavailable, 409},
                                             {errc::already_booked, 409},
                                             {errc::illegal_transition, 409},
                                             {errc::idempotency_in_progress, 409},
                                             {errc::precondition_failed, 412},
                                             {errc::payload_too_large, 413},
                                             {errc::uri_too_long, 414},
                                             {errc::unsupported_media_type, 415},
                                             {errc::invalid_input, 422},
                                             {errc::idempotency_key_reused, 422},
                                             {errc::past, 422},
                                             {errc::max_notice, 422},
                                             {errc::invalid_local_time, 422},
                                             {errc::too_many_requests, 429},
                                             {errc::headers_too_large, 431},
                                             {errc::not_implemented, 501},
                                             {errc::database_unavailable, 503},
                                             {errc::overloaded, 503},
                                             {errc::http_version, 505}};
    for (const auto& [code, status] : expected) EXPECT_EQ(problem_of(code).status, status) << wire_code(code);
}

TEST(problem, has_the_members_of_rfc_9457_and_ours) {
    EXPECT_EQ(
        problem(errc::not_found, {.request_id = "r-1"}),
        R"({"type":"/problems/not_found","title":"Not found","status":404,"detail":"There is nothing here.",)"
        R"("code":"not_found","request_id":"r-1"})");
}

TEST(problem, tells_where_input_is_wrong) {
    const field_error errors[] = {{"/party_size", "must be from 1 to 100"}, {"/a\"b", "is not a member"}};
    EXPECT_EQ(
        problem(errc::invalid_input, {.detail = "Two \"errors\".", .request_id = "r\n", .errors = errors}),
        R"({"type":"/problems/invalid_input","title":"Invalid input","status":422,"detail":"Two \"errors\".",)"
        R"("code":"invalid_input","request_id":"r\n","errors":[{"pointer":"/party_size",)"
        R"("detail":"must be from 1 to 100"},{"pointer":"/a\"b","detail":"is not a member"}]})");
}

TEST(problem, every_code_writes_json) {
    json_scratch scratch;
    for (int i = 1; i < static_cast<int>(errc::count_); ++i) {
        input_errors errors;
        const std::string body = problem(static_cast<errc>(i), {.extra_members = R"("x":[1])"});
        const json_value* root = parse_json(body, scratch, errors);
        ASSERT_NE(root, nullptr) << body;
        EXPECT_EQ(root->find("code")->text, wire_code(static_cast<errc>(i)));
        EXPECT_EQ(root->find("type")->text, "/problems/" + std::string(wire_code(static_cast<errc>(i))));
        EXPECT_NE(root->find("x"), nullptr);
    }
}

TEST(problem, a_refusal_offers_other_times_and_says_why) {
    reply refused;
    refused.code = errc::slot_unavailable;
    refused.why.add(reason::pacing);
    refused.why.add(reason::no_table);
    const instant at = *parse_rfc3339("2026-12-24T18:00:00Z");
    refused.alternatives.push_back({*parse_date("2026-12-24"), 19 * 60, at, 3600, at.plus_minutes(90)});
    EXPECT_EQ(
        refusal_members(refused),
        R"("alternatives":[{"date":"2026-12-24","time":"19:00","starts_at":"2026-12-24T19:00:00+01:00",)"
        R"("ends_at":"2026-12-24T20:30:00+01:00"}],"reasons":["no_table","pacing"])");
    refused.code = errc::party_too_large;
    EXPECT_EQ(refusal_members(refused), R"("reasons":["no_table","pacing"])");
}

TEST(problem, slot_unavailable_always_has_alternatives_and_reasons) {
    reply refused;
    refused.code = errc::slot_unavailable;
    EXPECT_EQ(refusal_members(refused), R"("alternatives":[],"reasons":[])");
    refused.code = errc::not_found;
    EXPECT_EQ(refusal_members(refused), "");
}

TEST(problem, a_refused_transition_says_from_where_and_where_to) {
    reply refused;
    refused.code = errc::illegal_transition;
    refused.current = reservation_status::confirmed;
    const std::string members = R"("current":"confirmed","allowed":["cancelled","seated","no_show"])";
    EXPECT_EQ(refusal_members(refused), members);
    EXPECT_EQ(transition_members(reservation_status::confirmed), members);
    EXPECT_EQ(transition_members(reservation_status::completed), R"("current":"completed","allowed":[])");
    EXPECT_NE(problem(errc::illegal_transition, {.extra_members = members}).find("," + members + "}"),
              std::string::npos);
}

TEST(problem, guests_and_tables_have_transitions_too) {
    reply refused;
    refused.code = errc::illegal_transition;
    refused.current_guest = guest_status::seated;
    EXPECT_EQ(refusal_members(refused), R"("current":"seated","allowed":["completed"])");
    refused.current_guest.reset();
    refused.current_table = table_status::dirty;
    EXPECT_EQ(refusal_members(refused),
              R"("current":"dirty","allowed":["available","reserved","out_of_service"])");
    refused.current_table = table_status::occupied;
    EXPECT_EQ(refusal_members(refused), R"("current":"occupied","allowed":["available"])");
}

TEST(problem, what_is_in_the_way_is_named) {
    reply refused;
    refused.code = errc::table_in_use;
    EXPECT_EQ(refusal_members(refused), "");
    const auto id = *reservation_id::parse("0190a5c0-0000-7000-8000-000000000001");
    refused.reservations = {id, id};
    EXPECT_EQ(
        refusal_members(refused),
        R"("reservations":["0190a5c0-0000-7000-8000-000000000001","0190a5c0-0000-7000-8000-000000000001"])");
}

}  // namespace problem_test
}  // namespace qtable::proto
