// What customers and the public ask beyond search, availability and booking.
#include "net/api/diner_handlers.hpp"
#include "net/api/router.hpp"

namespace qtable::net {

namespace {

// What ends in a suffix stands before what takes any segment.
constexpr route diner_routes_table[] = {
    {method::get, "/customer/reservations/{}.ics", access::customer, get_reservation_calendar},
    {method::get, "/customer/reservations/{}", access::customer, get_customer_reservation},
    {method::get, "/customer/reservations/{}/history", access::customer, get_reservation_history},
    {method::post, "/customer/reservations/{}/check-in", access::customer, check_in_customer},
    {method::post, "/customer/reservations/{}/running-late", access::customer, tell_running_late},
    {method::post, "/customer/reservations/{}/review", access::customer, review_visit},

    {method::post, "/customer/holds", access::customer, create_customer_hold},
    {method::get, "/customer/holds", access::customer, list_customer_holds},
    {method::get, "/customer/holds/{}", access::customer, get_customer_hold},
    {method::delete_, "/customer/holds/{}", access::customer, release_customer_hold},

    {method::post, "/customer/waitlist", access::customer, join_waitlist},
    {method::get, "/customer/waitlist", access::customer, list_waitlist_entries},
    {method::get, "/customer/waitlist/{}", access::customer, get_waitlist_entry},
    {method::delete_, "/customer/waitlist/{}", access::customer, leave_waitlist},

    {method::get, "/public/restaurants/{}/reviews", access::public_restaurant, list_reviews},
    {method::get, "/public/restaurants/{}/wait-estimates", access::public_restaurant, get_wait_estimates},
};

}  // namespace

std::span<const route> diner_routes() noexcept {
    return diner_routes_table;
}

}  // namespace qtable::net
