// Shared by the decisions: refusals and log rows, and the decision of each command. Inside core/engine only.
#pragma once

#include <string>
#include <string_view>
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

// A log row: what became of `subject` (nil: the restaurant as a whole), by which action.
inline logged_event make_event(const context& in, event_type type, std::string data, const uuid& subject = {},
                               std::string_view action = {}, reasons overridden = {}) {
    logged_event row;
    row.restaurant = in.target.id;
    row.type = type;
    row.at = in.now;
    row.by = in.command.by;
    row.command = in.command.id;
    row.data = std::move(data);
    row.subject = subject;
    row.action = action;
    for (std::size_t i = 0; i < reason_words.size(); ++i) {
        if (!overridden.has(static_cast<reason>(i))) continue;
        if (!row.overrides.empty()) row.overrides += ',';
        row.overrides += reason_words[i];
    }
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

decision on(const context& in, const create_hold& wanted);
decision on(const context& in, const release_hold& wanted);
decision on(const context& in, const check_in& wanted);
decision on(const context& in, const running_late& wanted);
decision on(const context& in, const serve_reservation& wanted);
decision on(const context& in, const add_guest& wanted);
decision on(const context& in, const change_guest& wanted);
decision on(const context& in, const serve_guest& wanted);
decision on(const context& in, const remove_guest& wanted);
decision on(const context& in, const clear_table& wanted);
decision on(const context& in, const forget_customer& wanted);
decision on(const context& in, const tick& wanted);
decision on(const context& in, const read_holds& wanted);
decision on(const context& in, const read_floor& wanted);
decision on(const context& in, const read_dashboard& wanted);
decision on(const context& in, const read_guests& wanted);
decision on(const context& in, const read_guest& wanted);
decision on(const context& in, const read_wait_quotes& wanted);

decision on(const context& in, const sync_tables& wanted);
decision on(const context& in, const put_combination& wanted);
decision on(const context& in, const delete_combination& wanted);
decision on(const context& in, const change_rules& wanted);
decision on(const context& in, const put_special_day& wanted);
decision on(const context& in, const delete_special_day& wanted);
decision on(const context& in, const pause_bookings& wanted);
decision on(const context& in, const change_staff& wanted);
decision on(const context& in, const record_review& wanted);
decision on(const context& in, const delete_restaurant& wanted);

}  // namespace qtable::deciding
