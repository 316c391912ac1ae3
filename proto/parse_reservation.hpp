// Bodies about reservations, read into the commands that they become: ids, actors and versions are the
// caller's to set. Pure functions of body and scratch, any core.
#pragma once

#include <string_view>

#include "core/engine/command.hpp"
#include "proto/json_document.hpp"

namespace qtable::proto {

struct reservation_request {
    restaurant_id restaurant;  // nil when the text was no id: unknown like any other
    create_reservation command;
};

// {restaurant_id, date, time, party_size, special_requests?, hold_id?}
parsed<reservation_request> parse_reservation_request(std::string_view body, json_scratch& scratch);
// {date?, time?, party_size?, special_requests?}; special_requests null = none
parsed<change_reservation> parse_reservation_change(std::string_view body, json_scratch& scratch);

}  // namespace qtable::proto
