// The functions that answer the routes of diner_routes.cpp, one a route: parse, one call, render. In files by
// subject. Each answers or defers exactly once. The connection's core.
#pragma once

#include "net/api/call.hpp"

namespace qtable::net {

// visit_handlers.cpp
void get_customer_reservation(call& in);
void get_reservation_history(call& in);
void get_reservation_calendar(call& in);
void check_in_customer(call& in);
void tell_running_late(call& in);

// hold_handlers.cpp
void create_customer_hold(call& in);
void list_customer_holds(call& in);
void get_customer_hold(call& in);
void release_customer_hold(call& in);

// waitlist_handlers.cpp
void join_waitlist(call& in);
void list_waitlist_entries(call& in);
void get_waitlist_entry(call& in);
void leave_waitlist(call& in);
void get_wait_estimates(call& in);

// review_handlers.cpp
void review_visit(call& in);
void list_reviews(call& in);

}  // namespace qtable::net
