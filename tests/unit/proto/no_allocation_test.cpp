// Bodies of up to about 4 KiB are read without the heap.
#include <gtest/gtest.h>

#include <string>

#include "proto/json_document.hpp"
#include "proto/parse_reservation.hpp"
#include "proto/render_availability.hpp"
#include "proto/render_list.hpp"
#include "proto/render_restaurant.hpp"
#include "tests/unit/proto/allocation_counter.hpp"

namespace qtable::proto {
namespace no_allocation_test {

std::string body_of_4_kib() {
    std::string body = R"({"slots":[)";
    while (body.size() < 3900) {
        body += R"({"date":"2026-12-24","time_slot":"19:30","party_size":4,"available_tables":3},)";
    }
    body.back() = ']';
    return body + "}";
}

TEST(no_allocation, counts_at_all) {
    const std::size_t before = allocation_count();
    const std::string text(1000, 'x');
    EXPECT_EQ(allocation_count(), before + 1);
}

TEST(no_allocation, a_body_of_4_kib) {
    json_scratch scratch;
    input_errors errors;
    const std::string body = body_of_4_kib();
    const std::size_t before = allocation_count();
    const json_value* root = parse_json(body, scratch, errors);
    EXPECT_EQ(allocation_count(), before);
    EXPECT_NE(root, nullptr);
}

TEST(no_allocation, a_reservation_request) {
    json_scratch scratch;
    const std::string body = R"({"restaurant_id":"0190a5c0-0000-7000-8000-000000000001","date":"2026-12-24",
        "time":"19:30","party_size":4,"special_requests":"w\u00edndow"})";
    const std::size_t before = allocation_count();
    const auto request = parse_reservation_request(body, scratch);
    EXPECT_EQ(allocation_count(), before);
    EXPECT_TRUE(request.has_value());
}

TEST(no_allocation, a_larger_body_takes_the_heap_and_works) {
    json_scratch scratch;
    input_errors errors;
    std::string body = "[";
    for (int i = 0; i < 20'000; ++i) body += "0,";
    body.back() = ']';
    const json_value* root = parse_json(body, scratch, errors);
    ASSERT_NE(root, nullptr);
    EXPECT_EQ(root->size, 20'000U);
}

TEST(no_allocation, availability_lines) {
    std::string out;
    out.reserve(16 * 1024);
    availability_line line;
    line.reasons.add(reason::no_table);
    const std::size_t before = allocation_count();
    for (int i = 0; i < 48; ++i) availability_lines(out).add(line);
    EXPECT_EQ(allocation_count(), before);
}

TEST(no_allocation, a_list_of_search_lines) {
    std::string out, members(700, 'm');
    out.reserve(64 * 1024);
    const std::size_t before = allocation_count();
    list_writer list(out);
    for (int i = 0; i < 20; ++i) {
        begin_search_line(list.next_item(), members, 1.234);
        begin_search_slots(out);
        availability_lines(out).add({});
        end_search_slots(out);
        end_search_line(out);
    }
    list.end(distance_cursor{1234, {}});
    list_writer features(out, list_writer::form::geojson);
    begin_search_feature(features.next_item(), {}, 12.5, 55.25, members, 0.5);
    end_search_feature(out);
    features.end();
    EXPECT_EQ(allocation_count(), before);
    EXPECT_GT(out.size(), 20 * members.size());
}

}  // namespace no_allocation_test
}  // namespace qtable::proto
