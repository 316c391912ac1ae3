#include "tests/sim/witness.hpp"

#include <algorithm>
#include <iterator>

namespace qtable::sim {

namespace {

constexpr std::int64_t promised_ms = ms_per_day;  // of a key

std::string name(const restaurant_id& id) {
    return "restaurant " + to_string(id).substr(32);
}

bool is_quiet(const owned_restaurant& owned) {
    return owned.now == owned_restaurant::state::ready && owned.undecided == 0 && owned.waiting.empty();
}

bool same(const offers& a, const offers& b, day_span within) {
    for (date day = within.first; day <= within.last; day = day.plus_days(1)) {
        if (a.on(day) != b.on(day)) return false;
    }
    return true;
}

}  // namespace

witness::stored_restaurant& witness::stored_of(const restaurant_id& id) {
    stored_restaurant& known = stored_[id];
    if (known.rows == nullptr) {
        const auto found = tables_.restaurants().find(id);
        if (found != tables_.restaurants().end()) known.rows = &found->second;
    }
    return known;
}

witness::watched& witness::of(std::uint32_t node, const restaurant_id& id) {
    std::unique_ptr<watched>& known = watched_[node][id];
    if (!known) known = std::make_unique<watched>();
    if (known->stored == nullptr || known->stored->rows == nullptr) known->stored = &stored_of(id);
    return *known;
}

// Days that are over are forgotten by memory; from the day before yesterday on all are kept.
day_span witness::days() const noexcept {
    const date today{static_cast<std::int32_t>(time_.now().ms / ms_per_day)};
    return {std::max(offers::first(), today.plus_days(-2)), offers::first().plus_days(offers::days - 1)};
}

const offers& witness::read(watched& of, const live_restaurant& live) {
    expect(of.shown.read(live, days()), "a start that there can't be");
    return of.shown.all();
}

// ---- requests

// Its answer is stored already, and isn't too old to be told again.
bool witness::is_promised(const command_envelope& what) const {
    if (!what.receipt) return false;
    const receipt_row* const stored = tables_.find_receipt(*what.receipt);
    if (stored == nullptr || stored->request.body_hash != what.receipt->body_hash) return false;
    // By when it was asked: here days may pass between that and its commit.
    const auto used = keys_.find({what.receipt->actor, what.receipt->route, what.receipt->key});
    instant asked_at;
    for (const std::uint64_t ticket :
         used == keys_.end() ? std::vector<std::uint64_t>{} : used->second.tickets) {
        if (asked_[ticket - 1].at <= stored->at) asked_at = std::max(asked_at, asked_[ticket - 1].at);
    }
    return asked_at.plus_ms(promised_ms) > time_.now();
}

void witness::submitted(std::uint32_t node, const command_envelope& what) {
    asked_.push_back({what, node, false, is_promised(what), time_.now(), std::nullopt});
    expect(asked_.size() == what.reply_to.ticket, "tickets are counted");
    if (what.receipt)
        keys_[{what.receipt->actor, what.receipt->route, what.receipt->key}].tickets.push_back(
            what.reply_to.ticket);
    mix(what.reply_to.ticket * 31 + what.body.index());
}

void witness::answered(std::uint64_t ticket, const reply& what, bool is_replay) {
    if (ticket == 0 || ticket > asked_.size()) return fail("an answer to nothing");
    asked_command& asked = asked_[ticket - 1];
    expect(!asked.is_lost, "an answer of a process that is gone");
    expect_or(!asked.answer, [&] { return "request " + std::to_string(ticket) + " is answered twice"; });
    asked.answer = what;
    mix(ticket);
    mix(static_cast<std::uint64_t>(what.code) * 1000 + static_cast<std::uint64_t>(what.status));
    mix(what.body);
    if (what.ok() && is_replay) {
        ++replayed;
        check_replayed(asked);
    } else if (what.ok()) {
        ++accepted;
        check_acknowledged(asked);
        if (asked.what.receipt)
            check_one_each(
                keys_[{asked.what.receipt->actor, asked.what.receipt->route, asked.what.receipt->key}]);
    } else if (what.is_uncertain) {
        ++uncertain;
    } else {
        ++refused;
        check_refused(asked);
        check_key(asked, what.code);
    }
}

// The answer that was stored under this person's key, of a reservation that is this person's.
void witness::check_replayed(const asked_command& asked) {
    const std::string ticket = "told again: request " + std::to_string(asked.what.reply_to.ticket);
    const receipt_row* const stored = tables_.find_receipt(*asked.what.receipt);
    if (stored == nullptr) return fail(ticket + ", what isn't stored");
    expect(stored->body == asked.answer->body, ticket + ", another answer than was stored");
    const auto* create = std::get_if<create_reservation>(&asked.what.body);
    const auto id = parse_uuid(stored->location.substr(stored->location.rfind('/') + 1));
    if (create == nullptr || !id) return fail(ticket + ", no reservation");
    const restaurant_tables* const of_restaurant = stored_of(asked.what.restaurant).rows;
    if (of_restaurant == nullptr) return fail(ticket + ", nowhere");
    const auto row = of_restaurant->reservations.find(reservation_id(*id));
    expect(row != of_restaurant->reservations.end() && row->second.customer == create->customer,
           ticket + ", somebody else's reservation");
}

// A key is only in the way of the person who used it.
void witness::check_key(const asked_command& asked, errc code) {
    // Asked again they are told; for another body of the same key there is a cause below.
    constexpr errc other_causes[] = {errc::idempotency_in_progress, errc::idempotency_key_reused,
                                     errc::overloaded, errc::database_unavailable};
    const bool has_other_cause =
        std::find(std::begin(other_causes), std::end(other_causes), code) != std::end(other_causes);
    expect_or(!asked.was_stored || has_other_cause, [&] {
        return "refused, though stored under its key: request " + std::to_string(asked.what.reply_to.ticket);
    });
    if (code != errc::idempotency_key_reused && code != errc::idempotency_in_progress) return;
    const receipt_request& key = *asked.what.receipt;
    const std::vector<std::uint64_t>& tickets = keys_[{key.actor, key.route, key.key}].tickets;
    const bool has_cause = std::any_of(tickets.begin(), tickets.end(), [&](std::uint64_t other) {
        if (other == asked.what.reply_to.ticket) return false;
        const bool is_same = asked_[other - 1].what.receipt->body_hash == key.body_hash;
        return code == errc::idempotency_in_progress || !is_same;
    });
    expect(has_cause, "a key that its owner never used is refused: request " +
                          std::to_string(asked.what.reply_to.ticket));
}

void witness::check_acknowledged(const asked_command& asked) {
    const std::string ticket =
        "acknowledged, but not stored: request " + std::to_string(asked.what.reply_to.ticket);
    const restaurant_tables* const found = stored_of(asked.what.restaurant).rows;
    if (found == nullptr) return fail(ticket + ", not even its restaurant");
    const restaurant_tables& stored = *found;
    const std::int64_t version = asked.answer->version;
    const auto has_reservation = [&](const reservation_id& id) {
        const auto row = stored.reservations.find(id);
        return row != stored.reservations.end() && row->second.version >= version;
    };
    if (const auto* create = std::get_if<create_reservation>(&asked.what.body)) {
        expect(has_reservation(create->id), ticket + " (create)");
        if (asked.what.receipt)
            expect(tables_.find_receipt(*asked.what.receipt) != nullptr, ticket + " (receipt)");
    } else if (const auto* change = std::get_if<change_reservation>(&asked.what.body)) {
        expect(has_reservation(change->id), ticket + " (change)");
    } else if (const auto* cancel = std::get_if<cancel_reservation>(&asked.what.body)) {
        expect(has_reservation(cancel->id) &&
                   stored.reservations.at(cancel->id).status == reservation_status::cancelled,
               ticket + " (cancel)");
    } else if (const auto* publish = std::get_if<publish_slots>(&asked.what.body)) {
        for (const slot& wanted : publish->slots) {
            expect(std::any_of(stored.slots.begin(), stored.slots.end(),
                               [&wanted](const auto& row) {
                                   return row.second.date == wanted.date &&
                                          row.second.minute == wanted.minute &&
                                          row.second.party_size == wanted.party_size;
                               }),
                   ticket + " (slots)");
        }
    } else if (const auto* slot_change = std::get_if<change_slot>(&asked.what.body)) {
        const auto row = stored.slots.find(slot_change->id);
        expect(row != stored.slots.end() && row->second.version >= version, ticket + " (slot)");
    } else if (std::holds_alternative<change_restaurant>(asked.what.body)) {
        expect(stored.what.version >= version, ticket + " (profile)");
    }
    check_service_acknowledged(asked, ticket);
}

void witness::check_refused(const asked_command& asked) {
    const auto* create = std::get_if<create_reservation>(&asked.what.body);
    const restaurant_tables* const stored = stored_of(asked.what.restaurant).rows;
    if (create == nullptr || stored == nullptr) return;
    expect_or(!stored->reservations.contains(create->id), [&] {
        return "refused for sure, but stored: request " + std::to_string(asked.what.reply_to.ticket);
    });
}

void witness::crashed(std::uint32_t node) {
    for (asked_command& asked : asked_) {
        if (asked.answer || asked.is_lost || asked.node != node) continue;
        asked.is_lost = true;
        ++lost;
    }
}

void witness::stopped(std::uint32_t node, bool took_too_long) {
    for (asked_command& asked : asked_) {
        if (asked.answer || asked.is_lost || asked.node != node) continue;
        expect(took_too_long,
               "stopped without an answer: request " + std::to_string(asked.what.reply_to.ticket));
        asked.is_lost = true;
        ++lost;
    }
}

// ---- events

void witness::told(std::uint32_t node, const released_event& what, const live_restaurant& live) {
    ++events;
    watched& here = of(node, what.what.restaurant);
    if (!here.listener) here.listener.emplace();
    subscriber& listener = *here.listener;
    const auto where = [&] { return name(what.what.restaurant) + " seq " + std::to_string(what.what.seq); };
    expect_or(tables_.has_event(what.what), [&] { return "told, but not stored: " + where(); });
    if (!tables_.has_event(what.what)) return;
    const logged_event& row = here.stored->rows->events[static_cast<std::size_t>(what.what.seq - 1)];
    expect_or(
        row.type == what.what.type && row.public_seq == what.what.public_seq && row.data == what.what.data,
        [&] { return "told otherwise than stored: " + where(); });
    const bool follows =
        what.what.seq == listener.seq + 1 || (listener.may_miss && what.what.seq > listener.seq);
    expect_or(follows,
              [&] { return "told out of order after " + std::to_string(listener.seq) + ": " + where(); });
    listener.seq = what.what.seq;
    listener.may_miss = false;
    mix(static_cast<std::uint64_t>(what.what.seq));
    mix(what.what.data);
    seatings += what.what.action == "table.seat" ? 1U : 0U;
    holds_made += what.what.action == "hold.create" ? 1U : 0U;
    flagged += what.what.action == "reservation.late" ? 1U : 0U;
    if (what.what.type != event_type::availability_updated) return;
    if (what.is_value_unknown || what.what.data == "all") {
        listener.known = read(here, live);
        return;
    }
    for (const availability_change& change : what.changes) {
        expect_or(to_string(change.date) == std::string_view(what.what.data).substr(0, 10),
                  [&] { return "a value of another day: " + where(); });
        const auto at = offers::place(change.minute, change.party_size);
        if (!at || !offers::has_day(change.date)) continue;
        listener.known.on(change.date)[*at] =
            static_cast<std::uint8_t>(std::clamp(change.available_tables, 0, 255));
    }
}

void witness::must_read_anew(std::uint32_t node, const live_restaurant& live) {
    ++resyncs;
    watched& here = of(node, live.id);
    if (!here.listener) here.listener.emplace();
    here.listener->known = read(here, live);
    here.listener->may_miss = true;
}

void witness::adopted(std::uint32_t node, const owned_restaurant& owned) {
    watched& here = of(node, owned.id);
    here.shown = {};  // another process counts its publications anew
    here.listener = subscriber{owned.log.released_seq(), read(here, owned.live), false};
}

void witness::rang(std::uint32_t node, const restaurant_id& id) {
    const restaurant_tables* const rows = stored_of(id).rows;
    if (rows != nullptr) must_know(node, id, static_cast<std::int64_t>(rows->events.size()));
}

void witness::must_know(std::uint32_t node, const restaurant_id& id, std::int64_t seq) {
    watched& here = of(node, id);
    here.rung = std::max(here.rung, seq);
}

// ---- memory

void witness::check_changed(std::uint32_t node, const owned_restaurant& owned) {
    constexpr std::uint64_t seldom = 127;
    watched& here = of(node, owned.id);
    const std::size_t seq = here.stored->rows != nullptr ? here.stored->rows->events.size() : 0;
    const outline now{static_cast<std::int64_t>(seq), owned.log.released_seq(), owned.undecided,
                      owned.waiting.size(), static_cast<int>(owned.now)};
    const bool is_same = here.before == now;
    here.before = now;
    if (!is_same || ++checks_ % seldom == 0) check(node, owned);
}

void witness::check_model() {
    if (!tables_.violations().empty()) fail(tables_.violations().front());
}

// What the committed state allows, holds aside.
const offers& witness::allowed_at(stored_restaurant& where, const restaurant_id& id) {
    const auto seq = static_cast<std::int64_t>(where.rows->events.size());
    if (where.allowed_seq == seq && where.allowed_from == days().first) return where.allowed;
    allowed_offers made = allowed_by(*where.rows, {}, days());
    if (made.overlap) fail(name(id) + " in the database: " + *made.overlap);
    where.allowed = made.all;
    where.allowed_seq = seq;
    where.allowed_from = days().first;
    return where.allowed;
}

// Nobody reads of a table what isn't stored.
void witness::check_tables_shown(const owned_restaurant& owned, const restaurant_tables& stored) {
    const restaurant_view* view = owned.live.view.load();
    if (view == nullptr) return;
    for (const table& row : stored.what.tables) {
        for (const table& shown : view->config->tables) {
            expect_or(shown.id != row.id || shown.version <= row.version, [&] {
                return name(owned.id) + " shows table " + shown.label + " as it may never become";
            });
        }
    }
}

void witness::check(std::uint32_t node, const owned_restaurant& owned) {
    watched& here = of(node, owned.id);
    if (!owned.exists() || here.stored->rows == nullptr) return;
    if (!here.listener) adopted(node, owned);  // someone listens from its first hour
    if (const auto problem = owned.stock->check_invariants())
        fail(name(owned.id) + " in memory: " + *problem);
    if (const auto problem = check_floor(owned)) fail(name(owned.id) + " in memory: " + *problem);
    const auto stored = static_cast<std::int64_t>(here.stored->rows->events.size());
    expect_or(owned.log.released_seq() <= stored,
              [&] { return name(owned.id) + " told more than is stored"; });
    expect_or(!is_quiet(owned) || owned.log.released_seq() >= here.rung,
              [&] { return name(owned.id) + " did not hear the bell"; });
    check_tables_shown(owned, *here.stored->rows);
    // What is committed but was not heard of yet can't be shown.
    if (owned.log.released_seq() == stored && owned.live.boards.load() != nullptr) check_offers(owned, here);
}

void witness::check_offers(const owned_restaurant& owned, watched& where) {
    const day_span within = days();
    const offers& allowed = allowed_at(*where.stored, owned.id);
    const offers& shown = read(where, owned.live);
    const bool has_combinations = !where.stored->rows->what.combinations.empty();
    for (date day = within.first; day <= within.last; day = day.plus_days(1)) {
        const offers::cells &told = shown.on(day), &free = allowed.on(day);
        if (told == free) continue;
        for (std::size_t i = 0; i < told.size(); ++i) {
            // Combinations are counted only where no single table is left: their number may rise as tables
            // go.
            if (told[i] <= free[i] || (has_combinations && free[i] > 0)) continue;
            fail(name(owned.id) + " shows more than is free on " + to_string(day) + " at place " +
                 std::to_string(i) + ": " + std::to_string(told[i]) + " instead of " +
                 std::to_string(free[i]) + (is_quiet(owned) ? ", quiet" : ", not quiet"));
        }
    }
    if (!is_quiet(owned)) return;
    if (owned.holds.empty()) {
        expect_or(same(shown, allowed, within),
                  [&] { return name(owned.id) + " is quiet and doesn't show what is free"; });
    } else {
        std::vector<hold> held;
        for (const auto& [customer, each] : owned.holds) held.push_back(each);
        const allowed_offers beside = allowed_by(*where.stored->rows, held, within);
        if (beside.overlap) fail(name(owned.id) + " with its holds: " + *beside.overlap);
        expect_or(same(shown, beside.all, within), [&] {
            return name(owned.id) + " is quiet and doesn't show what is free beside its holds";
        });
    }
    expect_or(same(shown, where.listener->known, within),
              [&] { return name(owned.id) + " is quiet and its subscribers believe otherwise"; });
}

}  // namespace qtable::sim
