// The functions that answer the routes of router.cpp, one a route: parse, one call, render. In files by
// subject. Each answers or defers exactly once. The connection's core.
#pragma once

#include "net/api/call.hpp"

namespace qtable::net {

struct availability_page;

// public_handlers.cpp, search_handler.cpp, availability_handler.cpp
void search_restaurants(call& in);
void get_public_restaurant(call& in);
void get_availability(call& in);
// Of one day, kept or just made; 304 when the client has it.
void answer_page(call& in, const availability_page& page);

// customer_handlers.cpp
void register_customer(call& in);
void login_customer(call& in);
void verify_customer_email(call& in);

// reservation_handlers.cpp
void create_customer_reservation(call& in);
void list_customer_reservations(call& in);
void change_customer_reservation(call& in);
void cancel_customer_reservation(call& in);
void list_restaurant_reservations(call& in);

// staff_handlers.cpp
void register_staff(call& in);
void login_staff(call& in);

// restaurant_handlers.cpp
void create_own_restaurant(call& in);
void get_own_restaurant(call& in);
void change_own_restaurant(call& in);

// table_handlers.cpp
void list_tables(call& in);
void add_table(call& in);
void get_table(call& in);
void patch_table(call& in);
void remove_table(call& in);

// slot_handlers.cpp
void publish_availability(call& in);
void change_availability(call& in);

// socket_handlers.cpp
void open_staff_socket(call& in);
void open_customer_socket(call& in);
void open_public_socket(call& in);

// operation_handlers.cpp
void get_livez(call& in);
void get_readyz(call& in);
void get_metrics(call& in);
void get_version(call& in);
void get_openapi(call& in);
void get_asyncapi(call& in);
void get_docs(call& in);
void get_events_page(call& in);
void get_docs_file(call& in);

// page_handlers.cpp
void get_console(call& in);
void get_console_file(call& in);
void list_problems(call& in);
void get_problem_page(call& in);
// /_dev/*, where the options have it.
void answer_dev(call& in);

}  // namespace qtable::net
