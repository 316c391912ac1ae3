// The functions that answer the routes of service_routes.cpp: parse, one call, render. In files by subject.
// Each answers or defers exactly once. The connection's core.
#pragma once

#include "net/api/call.hpp"

namespace qtable::net {

// restaurant_handlers.cpp
void delete_own_restaurant(call& in);

// settings_handlers.cpp
void get_hours(call& in);
void change_hours(call& in);
void get_booking_rules(call& in);
void change_booking_rules(call& in);
void pause_restaurant(call& in);
void resume_restaurant(call& in);
void list_special_days(call& in);
void add_special_day(call& in);
void get_special_day(call& in);
void put_special_day_of(call& in);
void remove_special_day(call& in);

// table_handlers.cpp
void merge_tables(call& in);
void replace_tables(call& in);
void clear_own_table(call& in);

// combination_handlers.cpp
void list_combinations(call& in);
void add_combination(call& in);
void get_combination(call& in);
void change_combination(call& in);
void remove_combination(call& in);

// service_handlers.cpp
void get_restaurant_reservation(call& in);
void change_restaurant_reservation(call& in);
void seat_reservation(call& in);
void complete_reservation(call& in);
void mark_no_show(call& in);
void assign_reservation(call& in);

// guest_handlers.cpp
void list_guests(call& in);
void add_guest_to_floor(call& in);
void get_guest(call& in);
void put_guest(call& in);
void delete_guest(call& in);
void notify_guest(call& in);
void seat_guest(call& in);
void complete_guest(call& in);
void mark_guest_left(call& in);
void mark_guest_no_show(call& in);

// floor_handlers.cpp
void get_floor(call& in);
void get_dashboard(call& in);

// activity_handlers.cpp
void get_updates(call& in);
void list_activity(call& in);

}  // namespace qtable::net
