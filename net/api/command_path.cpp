#include "net/api/command_path.hpp"

#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "net/api/app_core.hpp"
#include "net/auth/random.hpp"

namespace qtable::net {

namespace {

// What is on its way when the restaurant is to be read goes first: the second one may come too early.
constexpr int known_attempts = 3;

command_outcome refusal(errc code) {
    command_outcome made;
    made.answer.code = code;
    return made;
}

// The stored answer again, or what speaks against it.
command_outcome replay(const receipt_row& stored, const receipt_request& key) {
    if (stored.request.body_hash != key.body_hash) return refusal(errc::idempotency_key_reused);
    command_outcome made;
    made.is_replay = true;
    made.answer.status = stored.status;
    made.answer.body = stored.body;
    made.answer.location = stored.location;
    made.answer.version = stored.version;
    return made;
}

}  // namespace

idempotency_scope command_path::scope_of(const uuid& actor, std::string_view route, std::string_view key) {
    std::string text(reinterpret_cast<const char*>(actor.bytes.data()), actor.bytes.size());
    text += route;
    text += '\n';
    text += key;
    const auto digest = digest16(text);
    idempotency_scope scope;
    std::memcpy(&scope.high, digest.data(), sizeof scope.high);
    std::memcpy(&scope.low, digest.data() + sizeof scope.high, sizeof scope.low);
    return scope;
}

void command_path::submit(command_envelope&& what, command_done done) {
    if (!what.receipt) return send(std::move(what), std::move(done));
    const receipt_request key = *what.receipt;
    auto shared = std::make_shared<command_envelope>(std::move(what));
    run_once(
        key,
        [shared](app_core& home, command_done finish) {
            home.commands().send(command_envelope(*shared), std::move(finish));
        },
        std::move(done));
}

void command_path::submit_booking(command_envelope&& what, const customer_id& customer, std::size_t most,
                                  command_done done) {
    if (most == 0) return submit(std::move(what), std::move(done));
    const std::optional<receipt_request> key = what.receipt;
    auto shared = std::make_shared<command_envelope>(std::move(what));
    start_function start = [shared, customer, most](app_core& home, command_done finish) {
        if (!home.bookings().begin(customer, most, home.wall_now()))
            return finish(refusal(errc::limit_reached));
        home.commands().send(command_envelope(*shared), [&home, customer, finish](command_outcome&& outcome) {
            home.bookings().end(customer);
            finish(std::move(outcome));
        });
    };
    if (key) return run_once(*key, std::move(start), std::move(done));
    at_home(
        customer,
        [start = std::move(start)](app_core& home, command_done&& back) { start(home, std::move(back)); },
        std::move(done));
}

void command_path::submit_known(command_envelope&& what, command_done done) {
    try_known(std::make_shared<const command_envelope>(std::move(what)), std::move(done), 1);
}

void command_path::try_known(std::shared_ptr<const command_envelope> what, command_done done, int attempt) {
    submit(command_envelope(*what), [this, what, done = std::move(done), attempt](command_outcome&& outcome) {
        if (outcome.answer.code != errc::not_found || attempt == known_attempts || !is_shared())
            return done(std::move(outcome));
        app_core& owner = app_.peer(app_.owner_of(what->restaurant));
        app_.cores().post(owner.index(), [&owner, id = what->restaurant] {
            owner.engine().follow({&id, 1});
        });
        try_known(what, done, attempt + 1);
    });
}

// Runs `what` on the person's home core; the outcome comes back to this one.
void command_path::at_home(const uuid& person, std::function<void(app_core& home, command_done&& back)> what,
                           command_done&& done) {
    app_core& home = app_.peer(app_.home_of(person));
    app_core& here = app_;
    command_done back = [&home, &here, done = std::move(done)](command_outcome&& outcome) {
        home.cores().post(here.index(),
                          [done, moved = std::move(outcome)]() mutable { done(std::move(moved)); });
    };
    app_.cores().post(home.index(), [&home, what = std::move(what), back = std::move(back)]() mutable {
        what(home, std::move(back));
    });
}

void command_path::submit_anywhere(command_envelope&& what, command_done done) {
    if (app_.holds(what.restaurant)) return submit(std::move(what), std::move(done));
    app_core& owner = app_.peer(app_.owner_of(what.restaurant));
    app_.cores().post(owner.index(), [&owner, id = what.restaurant] { owner.engine().visit(id); });
    send_to_owner(std::move(what), std::move(done));
}

void command_path::send(command_envelope&& what, command_done done) {
    if (!app_.holds(what.restaurant)) return done(refusal(errc::misdirected));
    send_to_owner(std::move(what), std::move(done));
}

void command_path::send_to_owner(command_envelope&& what, command_done done) {
    const std::uint64_t ticket = next_ticket_++;
    waiting_.emplace(ticket, std::move(done));
    what.reply_to = {app_.index(), ticket};
    app_core& owner = app_.peer(app_.owner_of(what.restaurant));
    app_.cores().post(owner.index(), [&owner, moved = std::move(what)]() mutable {
        owner.engine().submit(std::move(moved));
    });
}

void command_path::arrived(std::uint64_t ticket, reply&& answer) {
    const auto found = waiting_.find(ticket);
    if (found == waiting_.end()) return;
    const command_done done = std::move(found->second);
    waiting_.erase(found);
    done({std::move(answer), false});
}

void command_path::run_once(const receipt_request& key, start_function start, command_done done) {
    at_home(
        key.actor,
        [key, start = std::move(start)](app_core& home, command_done&& back) mutable {
            home.commands().begin(key, std::move(start), std::move(back));
        },
        std::move(done));
}

void command_path::begin(const receipt_request& key, start_function&& start, command_done&& done) {
    using verdict = idempotency_ledger::verdict;
    const verdict said =
        ledger_.begin(scope_of(key.actor, key.route, key.key), key.body_hash, app_.wall_now());
    switch (said) {
        case verdict::fresh:
            return start_fresh(key, std::move(start), std::move(done));
        case verdict::in_progress:
            return done(refusal(errc::idempotency_in_progress));
        case verdict::reused:
            return done(refusal(errc::idempotency_key_reused));
        case verdict::stored:
        case verdict::uncertain:
            break;
    }
    look_up(key, said == verdict::uncertain, std::move(start), std::move(done));
}

void command_path::start_fresh(const receipt_request& key, start_function&& start, command_done&& done) {
    using outcome = idempotency_ledger::outcome;
    start(app_, [this, key, done = std::move(done)](command_outcome&& ended) {
        const idempotency_scope scope = scope_of(key.actor, key.route, key.key);
        if (ended.answer.receipt_exists) {
            // Another node, or an attempt before a restart, stored it first.
            ledger_.settle(scope, outcome::stored);
            return look_up(key, false, {}, command_done(done));
        }
        // Refused by what another node, or a session that outlived its process, stored under this very key,
        // which our ledger can't know.
        const bool is_to_be_retried = ended.answer.code == errc::overloaded ||
                                      ended.answer.code == errc::database_unavailable ||
                                      ended.answer.code == errc::misdirected;
        const bool may_be_stored = !ended.answer.ok() && !ended.answer.is_uncertain && !is_to_be_retried &&
                                   (ended.answer.may_be_stored || is_shared());
        if (may_be_stored) return replay_or(key, std::move(ended), done);
        ledger_.settle(scope, ended.answer.ok()           ? outcome::stored
                              : ended.answer.is_uncertain ? outcome::unknown
                                                          : outcome::failed);
        done(std::move(ended));
    });
}

bool command_path::is_shared() const {
    return app_.options().is_shared && app_.options().is_shared();
}

// The stored answer, when there is one; else the refusal.
void command_path::replay_or(const receipt_request& key, command_outcome&& refused,
                             const command_done& done) {
    using outcome = idempotency_ledger::outcome;
    app_.people().find_receipt(
        key.actor, key.route, key.key,
        [this, key, done, refused = std::move(refused)](result<std::optional<receipt_row>> stored) mutable {
            const idempotency_scope scope = scope_of(key.actor, key.route, key.key);
            if (!stored) {
                // Nobody knows now: a refusal could deny what was promised.
                ledger_.settle(scope, outcome::unknown);
                return done(refusal(to_errc(stored.error())));
            }
            const bool is_known = stored->has_value();
            ledger_.settle(scope, is_known ? outcome::stored : outcome::failed);
            done(is_known ? replay(**stored, key) : std::move(refused));
        });
}

void command_path::look_up(const receipt_request& key, bool is_uncertain, start_function&& start,
                           command_done&& done) {
    using outcome = idempotency_ledger::outcome;
    app_.people().find_receipt(key.actor, key.route, key.key,
                               [this, key, is_uncertain, start = std::move(start),
                                done = std::move(done)](result<std::optional<receipt_row>> stored) mutable {
                                   const idempotency_scope scope = scope_of(key.actor, key.route, key.key);
                                   if (!stored) {
                                       if (is_uncertain) ledger_.settle(scope, outcome::unknown);
                                       return done(refusal(to_errc(stored.error())));
                                   }
                                   if (*stored) {
                                       if (is_uncertain) ledger_.settle(scope, outcome::stored);
                                       return done(replay(**stored, key));
                                   }
                                   if (is_uncertain && start)
                                       return start_fresh(key, std::move(start), std::move(done));
                                   // The ledger knew a key that the database doesn't: it is free again.
                                   ledger_.settle(scope, outcome::failed);
                                   done(refusal(errc::idempotency_in_progress));
                               });
}

}  // namespace qtable::net
