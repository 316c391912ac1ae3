#include "loadtest/scenario/mix_workload.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "loadtest/scenario/socket_plans.hpp"

namespace qtable::loadtest {
namespace mix_workload_test {

world some_world(bool has_staff) {
    world made;
    made.run = "test";
    made.host = "h";
    made.places = {{"p0", 55, 12, false, false}, {"p1", 55, 12, has_staff, has_staff}};
    made.own_from = has_staff ? 1 : 2;
    if (has_staff) made.staff_token = "staff";
    made.has_sockets = has_staff;
    for (int day = 1; day <= 28; ++day)
        made.days.push_back("2026-12-" + std::string(day < 10 ? "0" : "") + std::to_string(day));
    for (int i = 0; i < 16; ++i) made.diners.push_back("diner" + std::to_string(i));
    offer free;
    for (std::uint16_t minute = 600; minute < 1'320; minute = static_cast<std::uint16_t>(minute + 15))
        free.starts.push_back({minute, 5});
    for (std::uint16_t day = 0; day < 28; ++day) {
        free.day = day;
        free.party = 2;
        for (free.place = 0; free.place < 2; ++free.place) made.offers.push_back(free);
    }
    return made;
}

constexpr const char* slots =
    R"({"slots":[{"time":"18:00","available_tables":3,"is_available":true},{"time":"19:00","available_tables":3,"is_available":true}]})";

// What is asked in so many turns, each answered as a target would.
std::map<kind, int> play(mix_workload& work, int turns) {
    std::map<kind, int> asked;
    for (int turn = 0; turn < turns; ++turn) {
        planned_request planned;
        work.next(0, turn, planned);
        ++asked[planned.which];
        EXPECT_TRUE(planned.bytes.find("\r\n\r\n") != std::string_view::npos);
        const std::string booked = R"({"id":"r)" + std::to_string(turn) + R"("})";
        const bool is_new = planned.which == kind::book || planned.which == kind::staff;
        work.done({0, planned.which, is_new ? 201 : 200,
                   planned.which == kind::availability ? std::string_view(slots) : std::string_view(booked),
                   turn, turn, turn});
    }
    return asked;
}

TEST(mix_workload, keeps_to_the_weights) {
    const world in = some_world(true);
    mix_workload work(in, *find_scenario("dinner-rush"), {});
    const auto asked = play(work, 20'000);
    EXPECT_NEAR(asked.at(kind::search), 14'000, 300);
    EXPECT_NEAR(asked.at(kind::availability), 4'000, 250);
    EXPECT_NEAR(asked.at(kind::book), 1'200, 150);
    EXPECT_NEAR(asked.at(kind::cancel), 200, 60);
    EXPECT_NEAR(asked.at(kind::staff), 600, 100);
    EXPECT_EQ(asked.count(kind::list), 0U);
}

TEST(mix_workload, gives_the_part_of_staff_to_the_customers_lists) {
    const world in = some_world(false);
    mix_workload work(in, *find_scenario("dinner-rush"), {});
    const auto asked = play(work, 20'000);
    EXPECT_EQ(asked.count(kind::staff), 0U);
    EXPECT_NEAR(asked.at(kind::list), 600, 100);
}

TEST(mix_workload, looks_for_free_times_when_it_knows_none) {
    world in = some_world(true);
    in.offers.resize(1);
    mix_workload work(in, *find_scenario("book"), {});
    const auto asked = play(work, 2'000);
    EXPECT_GT(asked.at(kind::availability), 100);
    EXPECT_GT(asked.at(kind::book), 500);
    EXPECT_GT(asked.at(kind::cancel), 200);
}

TEST(mix_workload, books_with_a_key_of_its_own_each_time) {
    const world in = some_world(true);
    scenario only_books = *find_scenario("book");
    only_books.weights = {0, 0, 1, 0, 0, 0};
    mix_workload work(in, only_books, {});
    planned_request planned;
    work.next(0, 0, planned);
    const std::string first(planned.bytes);
    EXPECT_TRUE(first.starts_with("POST /customer/reservations HTTP/1.1\r\n")) << first;
    EXPECT_NE(first.find("Idempotency-Key: load-test-0-1\r\n"), std::string::npos) << first;
    EXPECT_NE(first.find("Authorization: Bearer diner"), std::string::npos) << first;
    EXPECT_NE(first.find(R"("party_size":2,"special_requests":"load-test-0-1"})"), std::string::npos)
        << first;
    EXPECT_TRUE(planned.wants_body);
    work.done({0, kind::book, 201, R"({"id":"r1"})", 0, 1, 2});
    work.next(0, 0, planned);
    EXPECT_NE(planned.bytes.find("Idempotency-Key: load-test-0-2\r\n"), std::string_view::npos);
    ASSERT_EQ(work.bookings().all().size(), 1U);
    EXPECT_EQ(work.bookings().all()[0].id, "r1");
    EXPECT_EQ(work.bookings().all()[0].confirmed_ns, 2);
}

TEST(mix_workload, takes_more_threads_than_there_are_days) {
    const world in = some_world(true);
    mix_workload work(in, *find_scenario("dinner-rush"), {1, 63, 64, 1, false});
    EXPECT_GT(play(work, 1'000).at(kind::search), 500);
}

TEST(mix_workload, asks_for_one_thing_alone_when_told) {
    world in = some_world(false);
    in.only_path = "/public/restaurants/p0/availability?date=2026-12-01&party_size=2";
    mix_workload work(in, *find_scenario("availability"), {});
    planned_request planned;
    for (int i = 0; i < 10; ++i) {
        work.next(0, 0, planned);
        EXPECT_EQ(planned.bytes, "GET " + in.only_path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }
}

TEST(mix_workload, the_same_seed_asks_the_same) {
    const world in = some_world(true);
    const auto text_of = [&in](std::uint64_t seed) {
        mix_workload work(in, *find_scenario("dinner-rush"), {seed, 0, 1, 1, false});
        std::string all;
        planned_request planned;
        for (int i = 0; i < 50; ++i) {
            work.next(0, 0, planned);
            all += planned.bytes;
        }
        return all;
    };
    EXPECT_EQ(text_of(1), text_of(1));
    EXPECT_NE(text_of(1), text_of(2));
}

TEST(scenarios, have_unique_names_and_something_to_ask) {
    std::map<std::string_view, int> names;
    for (const scenario& each : scenarios()) {
        ++names[each.name];
        unsigned sum = 0;
        for (const unsigned weight : each.weights) sum += weight;
        EXPECT_EQ(sum, 100U) << each.name;
        EXPECT_GT(each.rate, 0) << each.name;
        EXPECT_EQ(find_scenario(each.name), &each);
    }
    EXPECT_EQ(names.size(), 8U);
    EXPECT_EQ(find_scenario("breakfast"), nullptr);
}

TEST(plan_sockets, watches_all_sides) {
    const world in = some_world(true);
    run_options options;
    options.what = find_scenario("dinner-rush");
    options.sockets = 9;
    std::map<side, int> of;
    for (const socket_plan& each : plan_sockets(in, options)) {
        ++of[each.of];
        EXPECT_EQ(each.token.empty(), each.of == side::anybody);
        EXPECT_FALSE(each.is_slow);
    }
    EXPECT_EQ(of[side::staff], 3);
    EXPECT_EQ(of[side::customer], 3);
    EXPECT_EQ(of[side::anybody], 3);
    EXPECT_TRUE(plan_sockets(some_world(false), options).empty());
}

TEST(plan_moments, leaves_time_before_and_after) {
    const measured_window window{0, 2 * ns_per_s, 32 * ns_per_s};
    const auto storms = plan_moments(*find_scenario("reconnect-storm"), window);
    ASSERT_EQ(storms.size(), 5U);
    EXPECT_EQ(storms.front().at_ns, 7 * ns_per_s);
    EXPECT_LE(storms.back().at_ns, 31 * ns_per_s);
    const measured_window short_one{0, ns_per_s, 3 * ns_per_s};
    EXPECT_EQ(plan_moments(*find_scenario("reconnect-storm"), short_one).size(), 1U);
    const auto slow = plan_moments(*find_scenario("slow-consumers"), window);
    ASSERT_FALSE(slow.empty());
    EXPECT_EQ(slow.front().at_ns, 17 * ns_per_s);
    EXPECT_EQ(slow.front().does, farm_moment::what::stop_reading);
    EXPECT_TRUE(plan_moments(*find_scenario("book"), window).empty());
}

}  // namespace mix_workload_test
}  // namespace qtable::loadtest
