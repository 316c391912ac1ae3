#include "net/api/keyed_request.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/limits.hpp"
#include "net/api/app_core.hpp"
#include "net/auth/random.hpp"

namespace qtable::net {

idempotency_key read_key(call& in, const uuid& actor_id, std::string_view route) {
    idempotency_key made;
    if (!in.in.fields->has(field::idempotency_key)) return made;
    const std::string_view key = in.in[field::idempotency_key];
    const bool is_printable =
        std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (key.empty() || key.size() > limits::idempotency_key_chars || !is_printable ||
        in.in.fields->count(field::idempotency_key) > 1) {
        proto::input_errors errors;
        errors.add("Idempotency-Key", "must be one header of 1 to 255 printable ASCII characters");
        in.fail(errors);
        made.is_valid = false;
        return made;
    }
    receipt_request receipt;
    receipt.actor = actor_id;
    receipt.route = route;
    receipt.key = key;
    receipt.body_hash = digest16(in.in.body);
    made.receipt = std::move(receipt);
    return made;
}

command_envelope make_command(const actor& by, instant now, const restaurant_id& restaurant,
                              command_body body) {
    command_envelope made;
    made.id = new_id<command_id>(now);
    made.restaurant = restaurant;
    made.by = by;
    made.body = std::move(body);
    return made;
}

command_envelope make_command(const call& in, const restaurant_id& restaurant, command_body body) {
    return make_command(in.who, in.now, restaurant, std::move(body));
}

command_done answer_to(const later& to) {
    return [to](command_outcome&& outcome) {
        if (outcome.is_replay) to.app().metrics().replays.add();
        to.send(make_answer(outcome.answer, to.request_id(), outcome.is_replay));
    };
}

void send_command(call& in, command_envelope&& what) {
    in.app.commands().submit(std::move(what), answer_to(in.defer()));
}

void send_creating_command(call& in, command_envelope&& what, std::string_view route) {
    idempotency_key key = read_key(in, in.who.id, route);
    if (!key.is_valid) return;
    what.receipt = std::move(key.receipt);
    send_command(in, std::move(what));
}

}  // namespace qtable::net
