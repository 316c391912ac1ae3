// What the handlers of customers have in common: verified accounts, commands about a reservation, questions
// to several owners. The connection's core.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/accounts.hpp"
#include "net/api/call.hpp"
#include "net/api/command_path.hpp"

namespace qtable::net {

// Goes on when the customer may book: with a verified address, where the server asks for one.
void when_verified(call& in, std::function<void(const later& to)> go_on);
// The same with the account.
void with_customer(call& in, std::function<void(const later& to, const customer_account& who)> go_on);

// A command about the reservation of the path. Which restaurant it is at is in the database; what becomes of
// it is the owner's to say, or, when the owner's memory holds it no more, the database's.
void send_about_reservation(call& in, command_body wanted);

// Whether owners may have forgotten it: they hold what is over for two days at most.
bool is_history(const reservation& what, instant now);

// All answers, in the order of the questions.
void gather(app_core& app, std::vector<command_envelope>&& questions,
            std::function<void(std::vector<reply>&&)> done);
// {"items":[ the bodies ],"next_cursor":null}; what was not found is left out, any other refusal is the
// answer.
void send_gathered(const later& to, const std::vector<reply>& answers);

// A customer's own place of what an owner created, which may name it otherwise.
void put_location(reply& made, std::string_view folder);

// Whether a POST that takes no body came without one, or with {}; answers the problem when not.
bool has_nothing_to_say(call& in);

}  // namespace qtable::net
