// What people do about their accounts, and who works where.
#include "net/api/account_handlers.hpp"
#include "net/api/router.hpp"

namespace qtable::net {

namespace {

constexpr route account_routes_table[] = {
    {method::post, "/customer/refresh", access::anyone, refresh_customer},
    {method::post, "/customer/logout", access::customer, log_out_customer},
    {method::post, "/customer/resend-verification", access::anyone, resend_verification},
    {method::post, "/customer/forgot-password", access::anyone, forget_customer_password},
    {method::post, "/customer/reset-password", access::anyone, reset_customer_password},
    {method::get, "/customer/me", access::customer, get_own_customer},
    {method::patch, "/customer/me", access::customer, change_own_customer},
    {method::delete_, "/customer/me", access::customer, erase_own_customer},
    {method::get, "/customer/me/export", access::customer, export_own_customer},

    {method::post, "/auth/refresh", access::anyone, refresh_staff},
    {method::post, "/auth/logout", access::staff, log_out_staff},
    {method::post, "/auth/forgot-password", access::anyone, forget_staff_password},
    {method::post, "/auth/reset-password", access::anyone, reset_staff_password},
    {method::get, "/auth/me", access::staff, get_own_staff_account},
    {method::post, "/auth/accept-invitation", access::staff, accept_staff_invitation},

    {method::get, "/restaurants/{}/staff", access::manager, list_restaurant_staff},
    {method::post, "/restaurants/{}/staff", access::manager, add_restaurant_staff},
    {method::patch, "/restaurants/{}/staff/{}", access::manager, change_restaurant_staff},
    {method::delete_, "/restaurants/{}/staff/{}", access::manager, remove_restaurant_staff},
    {method::delete_, "/restaurants/{}/staff/invitations/{}", access::manager, delete_staff_invitation},
};

}  // namespace

std::span<const route> account_routes() noexcept {
    return account_routes_table;
}

}  // namespace qtable::net
