#include "tests/sim/front.hpp"

#include <utility>

#include "core/base/limits.hpp"
#include "core/base/mutant.hpp"

namespace qtable::sim {

namespace {

// A client gives up on an answer then.
constexpr std::int64_t patience_ms = 5'000;

constexpr std::int64_t tick_ms = 100;

// As wide as the stored receipt's key. A mixture instead of a digest: nobody looks for collisions here.
idempotency_scope scope_of(const receipt_request& key) {
    random_source mixed(key.actor.hash());
    idempotency_scope scope;
    if (!mutant_on(mutant::key_without_actor)) scope = {mixed.next(), mixed.next()};
    for (const std::string* text : {&key.route, &key.key}) {
        for (const char each : *text) {
            scope.high = (scope.high ^ static_cast<unsigned char>(each)) * 0x100000001b3ULL;
            scope.low = (scope.low + static_cast<unsigned char>(each)) * 0x9e3779b97f4a7c15ULL;
        }
    }
    return scope;
}

}  // namespace

front::front(outside around) : around_(std::move(around)), wheel_(tick_ms, around_.server.time.now().ms) {
    const instant now = around_.server.time.now();
    around_.server.tables.for_each_receipt([&](const receipt_row& row) {
        if (row.at.plus_ms(limits::idempotency_kept_ms) > now)
            ledger_of(row.request).remember(scope_of(row.request), row.request.body_hash, row.at);
    });
}

// Mostly the core that has it is the one that wants it.
void front::post(std::function<void()> what) {
    if (around_.server.chance.chance(700)) return what();
    around_.turns.after(around_.server.chance.between(0, 1), std::move(what));
}

front::connection& front::connect() {
    if (idle_.empty()) return connections_.emplace_back(*this);
    connection& found = *idle_.back();
    idle_.pop_back();
    return found;
}

void front::ask(command_envelope&& what) {
    connection& from = connect();
    from.ticket = what.reply_to.ticket;
    ++busy_;
    wheel_.schedule(from, around_.server.time.now().ms + patience_ms);
    requests_[from.ticket] = &from;
    if (!what.receipt) return post([this, what = std::move(what)] { send(what); });
    post([this, what = std::move(what)] { begin(what); });
}

// The client hears that nobody knows; what was begun goes on.
void front::give_up(connection& from) {
    reply told;
    told.code = errc::request_timeout;
    told.is_uncertain = true;
    if (const auto found = requests_.find(from.ticket); found != requests_.end()) {
        found->second = nullptr;
        --busy_;
    }
    around_.server.tell([&] { return "request " + std::to_string(from.ticket) + " has waited too long"; });
    around_.server.seen.answered(from.ticket, told, false);
    idle_.push_back(&from);
}

void front::reply_to(std::uint64_t ticket, const reply& what, bool is_replay) {
    const auto found = requests_.find(ticket);
    if (found == requests_.end()) return around_.server.seen.fail("an answer to nothing");
    connection* const to = found->second;
    requests_.erase(found);
    if (to == nullptr) return;
    --busy_;
    wheel_.cancel(*to);
    around_.server.tell([&] {
        return "request " + std::to_string(ticket) + " is told " + std::string(wire_code(what.code)) +
               (is_replay ? ", again" : "");
    });
    around_.server.seen.answered(ticket, what, is_replay);
    idle_.push_back(to);
}

void front::refuse(std::uint64_t ticket, errc code) {
    reply told;
    told.code = code;
    reply_to(ticket, told);
}

// ---- keys, on the actor's home core

void front::begin(const command_envelope& what) {
    using verdict = idempotency_ledger::verdict;
    const receipt_request& key = *what.receipt;
    const verdict said = ledger_of(key).begin(scope_of(key), key.body_hash, around_.server.time.now());
    switch (said) {
        case verdict::fresh:
            return send(what);
        case verdict::in_progress:
            return refuse(what.reply_to.ticket, errc::idempotency_in_progress);
        case verdict::reused:
            return refuse(what.reply_to.ticket, errc::idempotency_key_reused);
        case verdict::stored:
        case verdict::uncertain:
            return look_up(what, said == verdict::uncertain);
    }
}

void front::look_up(const command_envelope& what, bool is_uncertain) {
    const receipt_request key = *what.receipt;
    around_.journals[owner_of(key.actor)]->find_receipt(
        key, [this, what, key, is_uncertain](result<std::optional<receipt_row>> stored) {
            using outcome = idempotency_ledger::outcome;
            const std::uint64_t ticket = what.reply_to.ticket;
            idempotency_ledger& ledger = ledger_of(key);
            if (!stored) {
                if (is_uncertain) ledger.settle(scope_of(key), outcome::unknown);
                return refuse(ticket, errc::database_unavailable);
            }
            if (*stored) {
                if (is_uncertain) ledger.settle(scope_of(key), outcome::stored);
                return replay(ticket, **stored, key);
            }
            if (is_uncertain) return send(what);
            ledger.settle(scope_of(key), outcome::failed);
            refuse(ticket, errc::idempotency_in_progress);
        });
}

void front::replay(std::uint64_t ticket, const receipt_row& stored, const receipt_request& key) {
    if (stored.request.body_hash != key.body_hash) return refuse(ticket, errc::idempotency_key_reused);
    reply again;
    again.status = stored.status;
    again.body = stored.body;
    again.location = stored.location;
    again.version = stored.version;
    reply_to(ticket, again, true);
}

// What another node stored under this key, when it did; else the refusal.
void front::replay_or(const command_envelope& what, reply&& refused) {
    const receipt_request key = *what.receipt;
    around_.journals[owner_of(key.actor)]->find_receipt(
        key, [this, ticket = what.reply_to.ticket, key,
              refused = std::move(refused)](result<std::optional<receipt_row>> stored) {
            using outcome = idempotency_ledger::outcome;
            idempotency_ledger& ledger = ledger_of(key);
            if (!stored) {
                ledger.settle(scope_of(key), outcome::unknown);
                return refuse(ticket, errc::database_unavailable);
            }
            ledger.settle(scope_of(key), *stored ? outcome::stored : outcome::failed);
            if (*stored) return replay(ticket, **stored, key);
            reply_to(ticket, refused);
        });
}

// ---- to the owner and back

void front::send(const command_envelope& what) {
    if (what.receipt) running_[what.reply_to.ticket] = what;
    post([this, moved = what]() mutable { around_.submit(std::move(moved)); });
}

void front::answered(std::uint64_t ticket, reply&& what) {
    post([this, ticket, what = std::move(what)] {
        using outcome = idempotency_ledger::outcome;
        const auto keyed = running_.find(ticket);
        if (keyed == running_.end()) return reply_to(ticket, what);
        const command_envelope asked = std::move(keyed->second);
        running_.erase(keyed);
        const receipt_request& key = *asked.receipt;
        if (what.receipt_exists) {
            // An attempt of days ago, or before a restart, stored it first.
            ledger_of(key).settle(scope_of(key), outcome::stored);
            return look_up(asked, false);
        }
        const bool is_to_be_retried =
            what.code == errc::overloaded || what.code == errc::database_unavailable;
        const bool may_be_stored = !what.ok() && !what.is_uncertain && !is_to_be_retried &&
                                   (what.may_be_stored || around_.is_shared());
        if (may_be_stored) return replay_or(asked, reply(what));
        ledger_of(key).settle(scope_of(key), what.ok()           ? outcome::stored
                                             : what.is_uncertain ? outcome::unknown
                                                                 : outcome::failed);
        reply_to(ticket, what);
    });
}

}  // namespace qtable::sim
