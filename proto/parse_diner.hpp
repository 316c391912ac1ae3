// Bodies of customers about holds, the waitlist, their arrival and reviews, read into the commands that they
// become: ids, actors and names are the caller's to set. Pure functions of body and scratch, any core.
#pragma once

#include <string_view>
#include <vector>

#include "core/engine/command.hpp"
#include "core/model/review.hpp"
#include "proto/json_document.hpp"

namespace qtable::proto {

struct hold_request {
    restaurant_id restaurant;  // nil when the text was no id: unknown like any other
    create_hold command;
};

struct waitlist_request {
    restaurant_id restaurant;
    add_guest command;
};

// {restaurant_id, date, time, party_size}
parsed<hold_request> parse_hold_request(std::string_view body, json_scratch& scratch);
// {restaurant_id, party_size, notes?}; source and name are not the client's to say
parsed<waitlist_request> parse_waitlist_request(std::string_view body, json_scratch& scratch);
// {minutes}; 0 = not late after all
parsed<running_late> parse_running_late(std::string_view body, json_scratch& scratch);
// {rating, text?}
parsed<review> parse_review(std::string_view body, json_scratch& scratch);

struct nothing {};
// {}: where a body has nothing to say
parsed<nothing> parse_nothing(std::string_view body, json_scratch& scratch);

// "2,4": party sizes of a query parameter, sorted, each once; empty when the text isn't that or has more than
// `limits::wait_quote_sizes`.
std::vector<int> parse_party_sizes(std::string_view text);

}  // namespace qtable::proto
