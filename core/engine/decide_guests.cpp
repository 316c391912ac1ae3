// Guests who came without a reservation, or wait for a table; tables that are cleared.
#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"
#include "core/engine/decide_party.hpp"

namespace qtable::deciding {

namespace {

bool is_whose(const guest& g, const std::optional<customer_id>& customer) {
    return !customer || g.customer == *customer;
}

errc why_not_to_wait(const context& in, const add_guest& wanted) {
    if (find_guest(in, wanted.id) != nullptr) return errc::internal;
    std::size_t open = 0;
    for (const auto& [id, each] : in.target.guests) {
        open += each.is_open() ? 1U : 0U;
        if (wanted.customer && each.is_waiting() && each.customer == *wanted.customer)
            return errc::already_waiting;
    }
    if (open >= limits::open_guests_per_restaurant) return errc::limit_reached;
    // Staff take whom they want; who asks online is bound by the house's rules.
    if (in.command.by.what != actor::kind::customer) return errc::ok;
    if (!in.config().profile.is_public) return errc::not_found;
    const errc refusal = refusal_of(party_reasons(in.stock().view(), wanted.party_size));
    return refusal == errc::slot_unavailable ? errc::party_too_large : refusal;
}

decision end_waiting(const context& in, guest g, guest_status to) {
    g.status = to;
    g.left_at = in.now;
    decision made;
    made.answer.version = g.version;
    made.answer.body = tell_guest(in, made, g,
                                  {.notice = customer_event_type::waitlist_updated,
                                   .action = to == guest_status::left ? "guest.leave" : "guest.no_show"});
    if (in.command.by.what == actor::kind::customer) made.answer.body = own_guest_text(in, g);
    return made;
}

// Back to waiting, or called to its table.
decision call(const context& in, guest g, guest_status to) {
    g.status = to;
    const bool is_called = to == guest_status::notified;
    if (is_called) g.notified_at = in.now;
    decision made;
    made.answer.version = g.version;
    made.answer.body = tell_guest(
        in, made, g,
        {.notice = is_called ? customer_event_type::table_ready : customer_event_type::waitlist_updated,
         .action = is_called ? "guest.notify" : "guest.change"});
    return made;
}

decision seat(const context& in, const serve_guest& wanted, guest g) {
    const seating found = find_seats(in, {g.party_size, wanted.where, {}, std::nullopt, wanted.stay_min});
    if (found.refusal != errc::ok) return refuse_seating(found.refusal, found.taken);
    const reasons paced =
        in.stock().pacing_reasons(found.from, g.party_size, booking_channel::house, std::nullopt);
    if (!paced.none() && !wanted.overrides.has(reason::pacing)) {
        decision refused = refuse(errc::slot_unavailable);
        refused.answer.why = paced;
        return refused;
    }
    g.status = guest_status::seated;
    g.seated_at = in.now;
    g.tables = found.tables;
    g.blocks_from = found.from;
    g.blocks_until = found.until;

    decision made;
    if (g.takes_capacity()) {
        in.stock().take_claim(g.id, claim_of(g));
        add_windows(in, g.blocks_from, g.blocks_until, made.windows);
    }
    made.answer.version = g.version;
    made.answer.body = tell_guest(
        in, made, g,
        {.notice = customer_event_type::waitlist_updated, .action = "guest.seat", .overridden = paced});
    table_changes tables(in);
    for (const table_id& id : g.tables) tables.set(id, table_status::occupied, g.id, "table.seat");
    tables.apply(made);
    return made;
}

decision complete(const context& in, const guest& g) {
    decision made;
    complete_party(in, made, g, std::nullopt);
    const guest& now = *find_guest(in, g.id);
    made.answer.version = now.version;
    made.answer.body = guest_text(in, now);
    return made;
}

}  // namespace

decision on(const context& in, const add_guest& wanted) {
    if (const errc refusal = why_not_to_wait(in, wanted); refusal != errc::ok) return refuse(refusal);
    guest g;
    g.id = wanted.id;
    g.name = wanted.name;
    g.phone = wanted.phone;
    g.party_size = wanted.party_size;
    g.source = wanted.source;
    g.customer = wanted.customer;
    g.notes = wanted.notes;
    g.created_at = g.updated_at = in.now;
    g.quoted_min = wanted.quoted_min;
    if (!g.quoted_min && g.source == guest_source::waitlist) {
        const wait_estimate heard = quotes(in, {g.party_size}).front().wait;
        if (heard.wait) g.quoted_min = std::min(heard.wait->p50_min, limits::quoted_max_min);
    }
    decision made;
    made.answer.status = 201;
    made.answer.version = g.version;
    const bool is_online = in.command.by.what == actor::kind::customer;
    made.answer.location =
        (is_online ? "/customer/waitlist/" : "/restaurants/" + to_string(in.target.id) + "/guests/") +
        to_string(g.id);
    made.answer.body = tell_guest(
        in, made, g, {.event = event_type::guest_created, .notice = std::nullopt, .action = "guest.add"});
    if (!g.customer) return made;
    // What it reads in the answer needn't be pushed.
    const auto told = estimate_of(in, g.id);
    in.target.told_waits[g.id] = {in.now, told->position,
                                  told->wait ? std::optional(told->wait->p50_min) : std::nullopt};
    return made;
}

decision on(const context& in, const change_guest& wanted) {
    const guest* known = find_guest(in, wanted.id);
    if (known == nullptr) return refuse(errc::not_found);
    if (is_stale(wanted.if_version, *known)) return refuse(errc::precondition_failed);
    guest g = *known;
    if (wanted.party_size && *wanted.party_size != g.party_size) {
        if (!g.is_waiting()) return refuse_guest_transition(g.status);
        g.party_size = *wanted.party_size;
    }
    if (wanted.name) g.name = *wanted.name;
    if (wanted.phone) g.phone = *wanted.phone;
    if (wanted.quoted_min) g.quoted_min = *wanted.quoted_min;
    if (wanted.notes) g.notes = *wanted.notes;
    g.updated_at = in.now;
    ++g.version;
    decision made;
    made.answer.version = g.version;
    made.answer.body = tell_guest(in, made, g, {.notice = std::nullopt, .action = "guest.change"});
    return made;
}

decision on(const context& in, const serve_guest& wanted) {
    const guest* known = find_guest(in, wanted.id);
    if (known == nullptr || !is_whose(*known, wanted.customer)) return refuse(errc::not_found);
    if (is_stale(wanted.if_version, *known)) return refuse(errc::precondition_failed);
    if (!may_move(known->status, wanted.to)) return refuse_guest_transition(known->status);
    guest g = *known;
    if (wanted.to == guest_status::completed) return complete(in, g);
    g.updated_at = in.now;
    ++g.version;
    switch (wanted.to) {
        case guest_status::seated:
            return seat(in, wanted, std::move(g));
        case guest_status::left:
        case guest_status::no_show:
            return end_waiting(in, std::move(g), wanted.to);
        case guest_status::waiting:
        case guest_status::notified:
            return call(in, std::move(g), wanted.to);
        case guest_status::completed:
            break;
    }
    return refuse(errc::internal);
}

decision on(const context& in, const remove_guest& wanted) {
    const guest* known = find_guest(in, wanted.id);
    if (known == nullptr) return refuse(errc::not_found);
    if (is_stale(wanted.if_version, *known)) return refuse(errc::precondition_failed);
    if (known->status == guest_status::seated) return refuse_guest_transition(known->status);
    guest g = *known;
    g.updated_at = in.now;
    ++g.version;
    decision made;
    made.answer.status = 204;
    if (g.is_waiting() && g.customer) {
        guest left = g;
        left.status = guest_status::left;
        left.left_at = in.now;
        made.notices.push_back({*g.customer, customer_event_type::waitlist_updated, in.target.id, in.now,
                                own_guest_text(in, left)});
    }
    // Its reservation is history, and goes on without it.
    const reservation* of = g.reservation ? find_closed(in, *g.reservation) : nullptr;
    if (of != nullptr && of->guest == g.id) {
        reservation r = *of;
        r.guest.reset();
        r.updated_at = in.now;
        ++r.version;
        in.target.closed.insert_or_assign(r.id, r);
        tell(in, made, r, {.notice = std::nullopt, .action = "guest.delete"});
    }
    in.target.guests.erase(g.id);
    in.target.told_waits.erase(g.id);
    made.events.push_back(
        make_event(in, event_type::guest_deleted, in.render.deleted_json(g.id), g.id, "guest.delete"));
    made.guests.push_back({g, in.target.id, true});
    return made;
}

decision on(const context& in, const clear_table& wanted) {
    const table* known = find_table(in.config(), wanted.id);
    if (known == nullptr) return refuse(errc::not_found);
    if (is_stale(wanted.if_version, *known)) return refuse(errc::precondition_failed);
    decision made;
    if (known->status == table_status::out_of_service) {
        made = refuse(errc::illegal_transition);
        made.answer.current_table = known->status;
        return made;
    }
    const guest* seated = known->current_guest_id ? find_guest(in, *known->current_guest_id) : nullptr;
    if (seated != nullptr) {
        const guest g = *seated;
        complete_party(in, made, g, wanted.id);
    } else if (known->status != table_status::available) {
        table_changes tables(in);
        tables.set(wanted.id, table_status::available, std::nullopt, "table.clear");
        tables.apply(made);
    }
    const table& now = *find_table(in.config(), wanted.id);
    made.answer.version = now.version;
    made.answer.body = in.render.table_json(in.target.id, now);
    return made;
}

}  // namespace qtable::deciding
