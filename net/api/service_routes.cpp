// What staff ask: configuration and the evening's service.
#include "net/api/handlers.hpp"
#include "net/api/router.hpp"
#include "net/api/service_handlers.hpp"

namespace qtable::net {

namespace {

// What has a name of its own stands before what takes any segment.
constexpr route service_routes_table[] = {
    {method::get, "/restaurants/{}/floor", access::host, get_floor},
    {method::get, "/restaurants/{}/updates", access::host, get_updates},
    {method::get, "/restaurants/{}/dashboard-data", access::host, get_dashboard},
    {method::get, "/restaurants/{}/activity", access::host, list_activity},

    {method::get, "/restaurants/{}/customer-reservations", access::host, list_restaurant_reservations},
    {method::get, "/restaurants/{}/customer-reservations/{}", access::host, get_restaurant_reservation},
    {method::put, "/restaurants/{}/customer-reservations/{}", access::host, change_restaurant_reservation},
    {method::post, "/restaurants/{}/customer-reservations/{}/seat", access::host, seat_reservation},
    {method::post, "/restaurants/{}/customer-reservations/{}/complete", access::host, complete_reservation},
    {method::post, "/restaurants/{}/customer-reservations/{}/no-show", access::host, mark_no_show},
    {method::post, "/restaurants/{}/customer-reservations/{}/assign", access::host, assign_reservation},

    {method::get, "/restaurants/{}/guests", access::host, list_guests},
    {method::post, "/restaurants/{}/guests", access::host, add_guest_to_floor},
    {method::get, "/restaurants/{}/guests/{}", access::host, get_guest},
    {method::put, "/restaurants/{}/guests/{}", access::host, put_guest},
    {method::delete_, "/restaurants/{}/guests/{}", access::host, delete_guest},
    {method::post, "/restaurants/{}/guests/{}/notify", access::host, notify_guest},
    {method::post, "/restaurants/{}/guests/{}/seat", access::host, seat_guest},
    {method::post, "/restaurants/{}/guests/{}/complete", access::host, complete_guest},
    {method::post, "/restaurants/{}/guests/{}/leave", access::host, mark_guest_left},
    {method::post, "/restaurants/{}/guests/{}/no-show", access::host, mark_guest_no_show},

    {method::post, "/restaurants/{}/tables/bulk", access::manager, merge_tables},
    {method::put, "/restaurants/{}/tables/bulk", access::manager, replace_tables},
    {method::get, "/restaurants/{}/tables", access::host, list_tables},
    {method::post, "/restaurants/{}/tables", access::manager, add_table},
    {method::get, "/restaurants/{}/tables/{}", access::host, get_table},
    {method::patch, "/restaurants/{}/tables/{}", access::host, patch_table},
    {method::put, "/restaurants/{}/tables/{}", access::host, patch_table},
    {method::delete_, "/restaurants/{}/tables/{}", access::manager, remove_table},
    {method::put, "/restaurants/{}/tables/{}/clear", access::host, clear_own_table},
    {method::get, "/restaurants/{}/table-combinations", access::host, list_combinations},
    {method::post, "/restaurants/{}/table-combinations", access::manager, add_combination},
    {method::get, "/restaurants/{}/table-combinations/{}", access::host, get_combination},
    {method::put, "/restaurants/{}/table-combinations/{}", access::manager, change_combination},
    {method::patch, "/restaurants/{}/table-combinations/{}", access::manager, change_combination},
    {method::delete_, "/restaurants/{}/table-combinations/{}", access::manager, remove_combination},

    {method::post, "/restaurants/{}/availability", access::manager, publish_availability},
    {method::put, "/restaurants/{}/availability/{}", access::manager, change_availability},
    {method::get, "/restaurants/{}", access::host, get_own_restaurant},
    {method::patch, "/restaurants/{}", access::manager, change_own_restaurant},
    {method::delete_, "/restaurants/{}", access::owner, delete_own_restaurant},
    {method::get, "/restaurants/{}/hours", access::host, get_hours},
    {method::put, "/restaurants/{}/hours", access::manager, change_hours},
    {method::patch, "/restaurants/{}/hours", access::manager, change_hours},
    {method::get, "/restaurants/{}/booking-rules", access::host, get_booking_rules},
    {method::put, "/restaurants/{}/booking-rules", access::manager, change_booking_rules},
    {method::patch, "/restaurants/{}/booking-rules", access::manager, change_booking_rules},
    {method::get, "/restaurants/{}/special-days", access::host, list_special_days},
    {method::post, "/restaurants/{}/special-days", access::manager, add_special_day},
    {method::get, "/restaurants/{}/special-days/{}", access::host, get_special_day},
    {method::put, "/restaurants/{}/special-days/{}", access::manager, put_special_day_of},
    {method::delete_, "/restaurants/{}/special-days/{}", access::manager, remove_special_day},
    {method::post, "/restaurants/{}/pause", access::manager, pause_restaurant},
    {method::delete_, "/restaurants/{}/pause", access::manager, resume_restaurant},
};

}  // namespace

std::span<const route> service_routes() noexcept {
    return service_routes_table;
}

}  // namespace qtable::net
