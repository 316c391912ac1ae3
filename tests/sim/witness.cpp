#include "tests/sim/witness.hpp"

#include <algorithm>

#include "core/inventory/availability_reader.hpp"

namespace qtable::sim {

namespace {

using restaurant_tables = test::model_database::restaurant_tables;

// Long before any booking: readers' rules about past and notice don't matter then.
constexpr instant no_clock{0};

std::string name(const restaurant_id& id) {
    return "restaurant " + to_string(id).substr(32);
}

bool is_quiet(const owned_restaurant& owned) {
    return owned.now == owned_restaurant::state::ready && owned.undecided == 0 && owned.waiting.empty();
}

}  // namespace

void witness::submitted(const command_envelope& what) {
    asked_[what.reply_to.ticket].what = what;
    mix(what.reply_to.ticket * 31 + what.body.index());
}

void witness::answered(std::uint64_t ticket, const reply& what) {
    const auto found = asked_.find(ticket);
    expect(found != asked_.end(), "an answer to nothing");
    if (found == asked_.end()) return;
    asked_command& asked = found->second;
    expect(!asked.is_lost, "an answer of a core that crashed");
    expect(!asked.answer, "command " + std::to_string(ticket) + " is answered twice");
    asked.answer = what;
    mix(ticket);
    mix(static_cast<std::uint64_t>(what.code) * 1000 + static_cast<std::uint64_t>(what.status));
    mix(what.body);
    if (what.ok()) {
        ++accepted;
        check_acknowledged(asked);
    } else if (what.is_uncertain) {
        ++uncertain;
    } else {
        ++refused;
        check_refused(asked);
    }
}

void witness::check_acknowledged(const asked_command& asked) {
    const std::string ticket =
        "acknowledged, but not stored: command " + std::to_string(asked.what.reply_to.ticket);
    const auto found = tables_.restaurants().find(asked.what.restaurant);
    if (found == tables_.restaurants().end()) return fail(ticket + ", not even its restaurant");
    const restaurant_tables& stored = found->second;
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
    const auto found = tables_.restaurants().find(asked.what.restaurant);
    if (create == nullptr || found == tables_.restaurants().end()) return;
    expect(!found->second.reservations.contains(create->id),
           "refused for sure, but stored: command " + std::to_string(asked.what.reply_to.ticket));
}

void witness::told(const released_event& what, const live_restaurant& live) {
    ++events;
    subscriber& listener = subscribers_[what.what.restaurant];
    const std::string where = name(what.what.restaurant) + " seq " + std::to_string(what.what.seq);
    expect(tables_.has_event(what.what), "told, but not stored: " + where);
    const bool follows =
        what.what.seq == listener.seq + 1 || (listener.may_miss && what.what.seq > listener.seq);
    expect(follows, "told out of order after " + std::to_string(listener.seq) + ": " + where);
    listener.seq = what.what.seq;
    listener.may_miss = false;
    mix(static_cast<std::uint64_t>(what.what.seq));
    mix(what.what.data);
    seatings += what.what.action == "table.seat" ? 1U : 0U;
    holds_made += what.what.action == "hold.create" ? 1U : 0U;
    flagged += what.what.action == "reservation.late" ? 1U : 0U;
    if (what.what.type != event_type::availability_updated) return;
    if (what.is_value_unknown || what.what.data == "all") {
        listener.known = read(live);
        return;
    }
    for (const availability_change& change : what.changes) {
        expect(to_string(change.date) == what.what.data.substr(0, 10), "a value of another day: " + where);
        const place at{change.date, change.minute, change.party_size};
        if (change.available_tables > 0) {
            listener.known[at] = change.available_tables;
        } else {
            listener.known.erase(at);
        }
    }
}

void witness::must_read_anew(const live_restaurant& live) {
    ++resyncs;
    subscriber& listener = subscribers_[live.id];
    listener.known = read(live);
    listener.may_miss = true;
}

void witness::adopted(const owned_restaurant& owned) {
    subscribers_[owned.id] = {owned.log.released_seq(), read(owned.live), false};
}

void witness::crashed(std::uint32_t core) {
    for (auto& [ticket, asked] : asked_) {
        if (asked.what.reply_to.core == core && !asked.answer) asked.is_lost = true;
    }
}

void witness::rang(const restaurant_id& id) {
    rung_[id] = static_cast<std::int64_t>(tables_.restaurants().at(id).events.size());
}

witness::offers witness::read(const live_restaurant& live) {
    offers found;
    const board_index* const index = live.boards.load();
    if (index == nullptr) return found;
    const date first = parse_date("2026-11-20").value();
    const int parties = std::min(index->view->rules().max_party, 8);
    for (int day = 0; day < 6; ++day) {
        for (int party = 1; party <= parties; ++party) {
            for_each_start(live, first.plus_days(day), party, no_clock, [&](const start_view& start) {
                if (start.available_tables > 0)
                    found[{first.plus_days(day), start.minute, party}] = start.available_tables;
            });
        }
    }
    return found;
}

// What the committed state allows: read from an inventory that knows nothing else.
const witness::reference& witness::reference_of(const restaurant_id& id) {
    reference& known = references_[id];
    const auto seq = static_cast<std::int64_t>(tables_.restaurants().at(id).events.size());
    if (known.seq == seq) return known;
    known = {seq, allowed_beside(id, {}), !tables_.restaurants().at(id).what.combinations.empty()};
    return known;
}

witness::offers witness::allowed_beside(const restaurant_id& id, const std::vector<hold>& held) {
    const restaurant_image image = tables_.image(id);
    inventory committed(make_view(std::make_shared<const restaurant>(image.what), image.local_zone));
    for (const slot& value : image.slots) committed.upsert_slot(value);
    for (const reservation& r : image.reservations) {
        if (r.takes_capacity()) committed.restore(reservation(r));
    }
    for (const guest& g : image.guests) {
        if (g.takes_capacity()) committed.restore_claim(g.id, claim_of(g));
    }
    for (const hold& each : held) committed.restore_claim(each.id, claim_of(each));
    if (const auto problem = committed.check_invariants()) fail("in the database: " + *problem);
    live_restaurant live;
    std::vector<retired> replaced;
    committed.publish(live, replaced);
    return read(live);
}

void witness::check_changed(const owned_restaurant& owned) {
    constexpr std::uint64_t seldom = 31;
    const auto stored = tables_.restaurants().find(owned.id);
    const std::size_t seq = stored != tables_.restaurants().end() ? stored->second.events.size() : 0;
    const outline now{static_cast<std::int64_t>(seq), owned.log.released_seq(), owned.undecided,
                      owned.waiting.size(), static_cast<int>(owned.now)};
    outline& before = outlines_[owned.id];
    const bool is_same = before == now;
    before = now;
    if (!is_same || ++checks_ % seldom == 0) check(owned);
}

// Nobody reads of a table what isn't stored.
void witness::check_tables_shown(const owned_restaurant& owned) {
    const restaurant_view* view = owned.live.view.load();
    if (view == nullptr) return;
    for (const table& stored : tables_.restaurants().at(owned.id).what.tables) {
        for (const table& shown : view->config->tables) {
            if (shown.id == stored.id)
                expect(shown.version <= stored.version,
                       name(owned.id) + " shows table " + shown.label + " as it may never become");
        }
    }
}

void witness::check(const owned_restaurant& owned) {
    const auto stored = tables_.restaurants().find(owned.id);
    if (!owned.exists() || stored == tables_.restaurants().end()) return;
    if (!subscribers_.contains(owned.id)) adopted(owned);  // someone listens from its first hour
    if (const auto problem = owned.stock->check_invariants())
        fail(name(owned.id) + " in memory: " + *problem);
    if (const auto problem = check_floor(owned)) fail(name(owned.id) + " in memory: " + *problem);
    const reference& truth = reference_of(owned.id);
    expect(owned.log.released_seq() <= truth.seq, name(owned.id) + " told more than is stored");
    expect(!is_quiet(owned) || owned.log.released_seq() >= rung_[owned.id],
           name(owned.id) + " did not hear the bell");
    check_tables_shown(owned);
    // What is committed but was not heard of yet can't be shown.
    if (owned.log.released_seq() != truth.seq || owned.live.boards.load() == nullptr) return;
    const offers shown = read(owned.live);
    for (const auto& [at, tables] : shown) {
        const auto allowed = truth.allowed.find(at);
        // Combinations are counted only where no single table is left: their number may rise as tables go.
        const bool fits =
            allowed != truth.allowed.end() && (truth.has_combinations || tables <= allowed->second);
        if (fits) continue;
        fail(name(owned.id) + " shows more than is free on " + to_string(std::get<0>(at)) + " " +
             time_of_day_to_string(std::get<1>(at)) + " for " + std::to_string(std::get<2>(at)) + ": " +
             std::to_string(tables) + " instead of " +
             std::to_string(allowed == truth.allowed.end() ? 0 : allowed->second) +
             (is_quiet(owned) ? ", quiet" : ", not quiet"));
    }
    if (!is_quiet(owned)) return;
    std::vector<hold> held;
    for (const auto& [customer, each] : owned.holds) held.push_back(each);
    expect(shown == (held.empty() ? truth.allowed : allowed_beside(owned.id, held)),
           name(owned.id) + " is quiet and doesn't show what is free");
    expect(shown == subscribers_[owned.id].known,
           name(owned.id) + " is quiet and its subscribers believe otherwise");
}

}  // namespace qtable::sim
