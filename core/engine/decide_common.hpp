// Shared by the decisions: refusals and log rows. Inside core/engine only.
#pragma once

#include <string>
#include <utility>

#include "core/engine/owned_restaurant.hpp"

namespace qtable::deciding {

// What every decision works on.
struct context {
    owned_restaurant& target;
    const command_envelope& command;
    instant now;
    const renderer& render;
    inventory& stock() const { return *target.stock; }
    const zone& where() const { return *target.stock->view().zone; }
    const restaurant& config() const { return *target.stock->view().config; }
};

inline decision refuse(errc code) {
    decision made;
    made.answer.code = code;
    return made;
}

inline logged_event make_event(const context& in, event_type type, std::string data) {
    logged_event row;
    row.restaurant = in.target.id;
    row.type = type;
    row.at = in.now;
    row.by = in.command.by;
    row.command = in.command.id;
    row.data = std::move(data);
    return row;
}

decision on(const context& in, const create_reservation& wanted);
decision on(const context& in, const change_reservation& wanted);
decision on(const context& in, const cancel_reservation& wanted);
decision on(const context& in, const publish_slots& wanted);
decision on(const context& in, const change_slot& wanted);
decision on(const context& in, const create_table& wanted);
decision on(const context& in, const change_table& wanted);
decision on(const context& in, const delete_table& wanted);
decision on(const context& in, const create_restaurant& wanted);
decision on(const context& in, const change_restaurant& wanted);

}  // namespace qtable::deciding
