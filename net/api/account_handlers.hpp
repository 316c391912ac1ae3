// The functions that answer the routes of account_routes.cpp, one a route: parse, one call, render. In files
// by subject. Each answers or defers exactly once. The connection's core.
#pragma once

#include "net/api/call.hpp"

namespace qtable::net {

// session_handlers.cpp
void refresh_customer(call& in);
void refresh_staff(call& in);
void log_out_customer(call& in);
void log_out_staff(call& in);

// recovery_handlers.cpp
void resend_verification(call& in);
void forget_customer_password(call& in);
void forget_staff_password(call& in);
void reset_customer_password(call& in);
void reset_staff_password(call& in);

// profile_handlers.cpp, export_handler.cpp, erasure_handler.cpp
void get_own_customer(call& in);
void change_own_customer(call& in);
void export_own_customer(call& in);
void erase_own_customer(call& in);

// membership_handlers.cpp, invitation_handlers.cpp
void get_own_staff_account(call& in);
void list_restaurant_staff(call& in);
void add_restaurant_staff(call& in);
void change_restaurant_staff(call& in);
void remove_restaurant_staff(call& in);
void delete_staff_invitation(call& in);
void accept_staff_invitation(call& in);

}  // namespace qtable::net
