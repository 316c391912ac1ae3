// Bodies of the evening's service: what staff do to reservations and guests, read into the commands that they
// become: ids, actors and versions are the caller's to set. Pure functions of body and scratch, any core.
// Tables are named by `table_id`, `table_ids` or `combination_id`, one of the three; reasons that staff set
// aside stand in `override`.
#pragma once

#include <optional>
#include <string_view>

#include "core/engine/command.hpp"
#include "proto/json_document.hpp"

namespace qtable::proto {

// {status?, tables?, date?, time?, party_size?, special_requests?, stay_minutes?, override?}
parsed<serve_reservation> parse_reservation_service(std::string_view body, json_scratch& scratch);

// {tables?, stay_minutes?, override?}
struct seating {
    table_choice where;
    std::optional<int> stay_min;
    reasons overrides;
};
parsed<seating> parse_seating(std::string_view body, json_scratch& scratch);
// {tables, override?}
parsed<seating> parse_assignment(std::string_view body, json_scratch& scratch);

// {name, phone?, party_size, source?, quoted_minutes?, notes?}; source walk_in (when it isn't said) or
// waitlist
parsed<add_guest> parse_new_guest(std::string_view body, json_scratch& scratch);
// {name?, phone?, party_size?, quoted_minutes?, notes?}
parsed<change_guest> parse_guest_change(std::string_view body, json_scratch& scratch);

}  // namespace qtable::proto
