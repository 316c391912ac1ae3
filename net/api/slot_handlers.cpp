#include <utility>

#include "net/api/app_core.hpp"
#include "net/api/handlers.hpp"
#include "net/api/keyed_request.hpp"
#include "net/auth/random.hpp"
#include "proto/parse_slots.hpp"

namespace qtable::net {

void publish_availability(call& in) {
    auto slots = in.body(proto::parse_slots);
    if (!slots) return;
    for (slot& each : *slots) each.id = new_id<slot_id>(in.now);
    send_creating_command(in, make_command(in, in.live->id, publish_slots{std::move(*slots)}),
                          "POST /restaurants/availability " + to_string(in.live->id));
}

void change_availability(call& in) {
    auto wanted = in.body(proto::parse_slot_change);
    if (!wanted) return;
    wanted->id = path_id<slot_id>(in.params[1]);
    wanted->if_version = in.if_match();
    send_command(in, make_command(in, in.live->id, *wanted));
}

}  // namespace qtable::net
