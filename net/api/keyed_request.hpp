// The Idempotency-Key of a request, and the common way of commands from a handler to the answer. The
// connection's core.
#pragma once

#include <optional>
#include <string_view>

#include "net/api/call.hpp"
#include "net/api/command_path.hpp"

namespace qtable::net {

struct idempotency_key {
    bool is_valid = true;                    // false: the problem is answered
    std::optional<receipt_request> receipt;  // none: no such header
};

// `route` names the key's scope together with the actor.
idempotency_key read_key(call& in, const uuid& actor_id, std::string_view route);

// An envelope with its id and actor; its answer goes to the client.
command_envelope make_command(const call& in, const restaurant_id& restaurant, command_body body);
command_envelope make_command(const actor& by, instant now, const restaurant_id& restaurant,
                              command_body body);
void send_command(call& in, command_envelope&& what);
// The same for a POST that creates: under its Idempotency-Key.
void send_creating_command(call& in, command_envelope&& what, std::string_view route);

// Sends the outcome to the client.
command_done answer_to(const later& to);

}  // namespace qtable::net
