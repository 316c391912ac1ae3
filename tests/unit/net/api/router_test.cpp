// The table of routes as a client meets it: which function a path leads to, and what `Allow` says.
#include "net/api/router.hpp"

#include <gtest/gtest.h>

#include "net/api/diner_handlers.hpp"
#include "net/api/handlers.hpp"

namespace qtable::net {
namespace router_test {

struct found_route {
    match how = match::unknown;
    const route* to = nullptr;
    std::array<std::string_view, 3> params{};
    std::string allow;
};

found_route look_up(method verb, std::string_view path) {
    found_route made;
    made.how = find_route(verb, path, made.to, made.params, made.allow);
    return made;
}

TEST(router, a_segment_and_a_segment_with_an_end) {
    const auto plain = look_up(method::get, "/customer/reservations/abc");
    ASSERT_EQ(plain.how, match::found);
    EXPECT_EQ(plain.to->handle, &get_customer_reservation);
    EXPECT_EQ(plain.params[0], "abc");

    const auto calendar = look_up(method::get, "/customer/reservations/abc.ics");
    ASSERT_EQ(calendar.how, match::found);
    EXPECT_EQ(calendar.to->handle, &get_reservation_calendar);
    EXPECT_EQ(calendar.params[0], "abc");

    const auto twice = look_up(method::get, "/customer/reservations/abc.ics.ics");
    ASSERT_EQ(twice.how, match::found);
    EXPECT_EQ(twice.params[0], "abc.ics");

    // The end alone is no id with an end.
    const auto nothing = look_up(method::get, "/customer/reservations/.ics");
    ASSERT_EQ(nothing.how, match::found);
    EXPECT_EQ(nothing.to->handle, &get_customer_reservation);
    EXPECT_EQ(nothing.params[0], ".ics");
}

TEST(router, what_leads_nowhere) {
    for (const char* path :
         {"/customer/reservations/", "/customer/reservations//history", "/customer/reservations/abc/",
          "/customer/reservations/abc.ics/", "/customer/reservations/abc/history.ics", "/customer/holds/a/b",
          "/customer", ""}) {
        EXPECT_EQ(look_up(method::get, path).how, match::unknown) << path;
    }
}

TEST(router, hot_routes_are_found_with_their_restaurant) {
    const auto found = look_up(method::get, "/public/restaurants/r1/availability");
    ASSERT_EQ(found.how, match::found);
    EXPECT_EQ(found.to->handle, &get_availability);
    EXPECT_EQ(found.params[0], "r1");
    EXPECT_EQ(look_up(method::head, "/public/restaurants/r1").to->handle, &get_public_restaurant);
    EXPECT_EQ(look_up(method::get, "/public/restaurants/r1/wait-estimates").to->handle, &get_wait_estimates);
}

TEST(router, availability_stands_first) {
    for_each_route([](std::size_t i, const route& each) {
        EXPECT_EQ(i == availability_route, each.handle == &get_availability) << each.pattern;
    });
}

TEST(router, allow_names_each_method_once) {
    const auto wrong = look_up(method::patch, "/customer/reservations/abc.ics");
    ASSERT_EQ(wrong.how, match::wrong_method);
    EXPECT_EQ(wrong.allow, "PUT, DELETE, GET, HEAD, OPTIONS");
    EXPECT_EQ(look_up(method::put, "/customer/holds").allow, "POST, GET, HEAD, OPTIONS");
}

}  // namespace router_test
}  // namespace qtable::net
