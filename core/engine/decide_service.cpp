// What staff do to a reservation: move it, give it tables, seat it, end it, undo a no-show. All that one
// command asks happens, or nothing does: everything is checked before memory changes.
#include <algorithm>
#include <utility>

#include "core/engine/decide_party.hpp"

namespace qtable::deciding {

namespace {

// Date, time and party as the command wants them.
struct arrangement {
    date day;
    int minute = 0;
    int party_size = 0;
};

arrangement arranged(const serve_reservation& wanted, const reservation& r) {
    return {wanted.date.value_or(r.date), wanted.minute.value_or(r.minute % minutes_per_day),
            wanted.party_size.value_or(r.party_size)};
}

bool is_other_time(const arrangement& to, const reservation& r) {
    return to.day != r.date || to.minute != r.minute % minutes_per_day;
}

reservation next_of(const context& in, const serve_reservation& wanted, const reservation& before) {
    reservation r = before;
    if (wanted.special_requests) r.special_requests = *wanted.special_requests;
    r.updated_at = in.now;
    ++r.version;
    return r;
}

decision answered(const context& in, decision&& made, const reservation& r, const told_as& how) {
    std::string body = tell(in, made, r, how);
    answer_with(made, r, std::move(body));
    return std::move(made);
}

// Its capacity moves from where it was to where it is.
void move_capacity(const context& in, decision& made, const reservation& before, const reservation& r) {
    made.releases.push_back(in.stock().begin_move(r));
    count_slot(in, made, before.slot, +1);
    count_slot(in, made, r.slot, -1);
    add_windows(in, before, made.windows);
    add_windows(in, r, made.windows);
}

// ---- cancelled, no_show

decision give_back(const context& in, const serve_reservation& wanted, const reservation& before) {
    reservation r = next_of(in, wanted, before);
    r.status = *wanted.to;
    decision made;
    made.releases.push_back(in.stock().begin_release(r.id));
    in.target.closed.insert_or_assign(r.id, r);
    count_slot(in, made, r.slot, +1);
    add_windows(in, r, made.windows);
    if (r.status == reservation_status::no_show)
        return answered(in, std::move(made), r, {.action = "reservation.no_show"});
    return answered(in, std::move(made), r,
                    {.event = event_type::customer_reservation_cancelled,
                     .notice = customer_event_type::reservation_cancelled,
                     .action = "reservation.cancel"});
}

// ---- confirmed: moved, given tables, back from a no-show

// Puts the party at these tables for the verdict's time, whatever the house would have chosen.
decision put_at(const context& in, const wanted_place& where, placement& found, reservation& r,
                const std::vector<table_id>& tables, errc otherwise) {
    const auto left = found.seats.reasons.bits() & ~reasons(reason::no_table).bits();
    found.seats.reasons = reasons(static_cast<std::uint16_t>(left));
    if (found.refusal == errc::slot_unavailable) found.refusal = refusal_of(found.seats.reasons);
    if (found.refusal != errc::ok) return refuse_placement(in, found, where);
    if (!in.stock().fits(tables, r.party_size)) return refuse(errc::party_does_not_fit);
    const verdict& seats = found.seats;
    if (!in.stock().tables_free(tables, seats.blocks_from, seats.blocks_until, where.ignoring))
        return refuse(otherwise);
    put_seats(in, r, seats);
    r.tables = tables;
    return {};
}

// Finds the place that staff want; `r` has it then. A refusal otherwise.
decision find_place(const context& in, const serve_reservation& wanted, const reservation& before,
                    reservation& r) {
    const arrangement to = arranged(wanted, before);
    wanted_place where{r.customer,      to.day, to.minute, to.party_size, r.id, booking_channel::house,
                       wanted.overrides};
    where.overrides.add(reason::past);
    r.date = to.day;
    r.party_size = to.party_size;
    placement found = place(in, where);
    if (!wanted.where.empty()) {
        auto named = named_tables(in, wanted.where);
        if (!named) return refuse(to_errc(named.error()));
        return put_at(in, where, found, r, *named, errc::table_not_free);
    }
    // It keeps its tables where they will do.
    const bool keeps =
        !before.tables.empty() && in.stock().fits(before.tables, r.party_size) &&
        in.stock().tables_free(before.tables, found.seats.blocks_from, found.seats.blocks_until, r.id);
    if (keeps) return put_at(in, where, found, r, before.tables, errc::slot_unavailable);
    if (found.refusal != errc::ok) return refuse_placement(in, found, where);
    put_seats(in, r, found.seats);
    return {};
}

reasons used_overrides(const context& in, const serve_reservation& wanted, const reservation& before) {
    if (wanted.overrides.none()) return {};
    const arrangement to = arranged(wanted, before);
    return place(in, {before.customer, to.day, to.minute, to.party_size, before.id, booking_channel::house,
                      wanted.overrides})
        .overridden;
}

// Other tables at the time that it has: nothing but the tables is asked for.
decision assign(const context& in, const serve_reservation& wanted, const reservation& before) {
    auto named = named_tables(in, wanted.where);
    if (!named) return refuse(to_errc(named.error()));
    if (!in.stock().fits(*named, before.party_size)) return refuse(errc::party_does_not_fit);
    if (!in.stock().tables_free(*named, before.blocks_from, before.blocks_until, before.id))
        return refuse(errc::table_not_free);
    reservation r = next_of(in, wanted, before);
    r.tables = std::move(*named);
    decision made;
    move_capacity(in, made, before, r);
    return answered(in, std::move(made), r, {.action = "reservation.assign"});
}

decision rearrange(const context& in, const serve_reservation& wanted, const reservation& before) {
    const arrangement to = arranged(wanted, before);
    const bool moves = is_other_time(to, before) || to.party_size != before.party_size;
    if (!moves && !wanted.where.empty()) return assign(in, wanted, before);
    reservation r = next_of(in, wanted, before);
    if (!moves) {
        if (r.special_requests == before.special_requests) return unchanged(in, before);
        in.stock().amend(r);
        return answered(in, {}, r, {.action = "reservation.change"});
    }
    const reasons overridden = used_overrides(in, wanted, before);
    if (decision refused = find_place(in, wanted, before, r); !refused.answer.ok()) return refused;
    if (r.starts_at != before.starts_at) forget_arrival(r);
    decision made;
    move_capacity(in, made, before, r);
    return answered(in, std::move(made), r, {.action = "reservation.change", .overridden = overridden});
}

decision restore(const context& in, const serve_reservation& wanted, const reservation& before) {
    // Nothing but the mark itself changes a no-show.
    if (in.now > before.updated_at.plus_minutes(in.config().rules.no_show_grace_min))
        return refuse(errc::undo_expired);
    reservation r = next_of(in, wanted, before);
    r.status = reservation_status::confirmed;
    const reasons overridden = used_overrides(in, wanted, before);
    if (decision refused = find_place(in, wanted, before, r); !refused.answer.ok()) return refused;
    if (r.starts_at != before.starts_at) forget_arrival(r);
    decision made;
    in.target.closed.erase(r.id);
    in.stock().take(r);
    count_slot(in, made, r.slot, -1);
    add_windows(in, r, made.windows);
    return answered(in, std::move(made), r, {.action = "reservation.restore", .overridden = overridden});
}

// ---- seated, completed

guest make_guest(const context& in, const serve_reservation& wanted, const reservation& r) {
    guest g;
    g.id = wanted.guest;
    g.name = wanted.guest_name;
    g.phone = wanted.guest_phone;
    g.party_size = r.party_size;
    g.source = guest_source::reservation;
    g.reservation = r.id;
    g.customer = r.customer;
    g.status = guest_status::seated;
    g.tables = r.tables;
    g.blocks_from = r.blocks_from;
    g.blocks_until = r.blocks_until;
    g.created_at = g.updated_at = in.now;
    g.seated_at = in.now;
    return g;
}

decision seat(const context& in, const serve_reservation& wanted, const reservation& before) {
    if (is_other_time(arranged(wanted, before), before)) return refuse(errc::invalid_input);
    if (find_guest(in, wanted.guest) != nullptr) return refuse(errc::internal);
    reservation r = next_of(in, wanted, before);
    if (wanted.party_size) r.party_size = *wanted.party_size;
    const seating found = find_seats(in, {r.party_size, wanted.where, before.tables, r.id, wanted.stay_min});
    if (found.refusal != errc::ok) return refuse_seating(found.refusal, found.taken);
    r.status = reservation_status::seated;
    r.guest = wanted.guest;
    r.tables = found.tables;
    r.blocks_from = found.from;
    r.blocks_until = found.until;

    decision made;
    move_capacity(in, made, before, r);
    std::string body = tell(in, made, r, {.action = "reservation.seat"});
    answer_with(made, r, std::move(body));
    tell_guest(in, made, make_guest(in, wanted, r),
               {.event = event_type::guest_created, .notice = std::nullopt, .action = "guest.seat"});
    table_changes tables(in);
    for (const table_id& id : r.tables) tables.set(id, table_status::occupied, r.guest, "table.seat");
    tables.apply(made);
    return made;
}

// Where a party that sits already goes on sitting, and until when.
decision find_other_seats(const context& in, const serve_reservation& wanted, const reservation& before,
                          reservation& r) {
    if (!wanted.where.empty()) {
        auto named = named_tables(in, wanted.where);
        if (!named) return refuse(to_errc(named.error()));
        r.tables = std::move(*named);
    }
    if (!r.tables.empty() && !in.stock().fits(r.tables, r.party_size))
        return refuse(errc::party_does_not_fit);
    for (const table_id& id : r.tables) {
        const table* each = find_table(in.config(), id);
        const bool is_own = each != nullptr && each->current_guest_id == before.guest;
        if (each == nullptr || is_own || each->status == table_status::available ||
            each->status == table_status::reserved)
            continue;
        return refuse_seating(errc::table_not_free, each->status);
    }
    // Whose time was over has what comes from now on: others may have had the tables in between.
    const bool goes_on = r.tables == before.tables && before.blocks_until >= grid_before(in.now);
    r.blocks_from = goes_on ? before.blocks_from : grid_before(in.now);
    if (wanted.stay_min)
        r.blocks_until =
            grid_after(in.now.plus_minutes(*wanted.stay_min + in.config().rules.buffer_after_min));
    r.blocks_until = std::max(r.blocks_until, grid_after(in.now.plus_ms(1)));
    const instant from = std::max(r.blocks_from, grid_before(in.now));
    if (!in.stock().tables_free(r.tables, from, r.blocks_until, r.id))
        return refuse_seating(errc::table_not_free, std::nullopt);
    return {};
}

decision reseat(const context& in, const serve_reservation& wanted, const reservation& before) {
    if (is_other_time(arranged(wanted, before), before)) return refuse_transition(before.status);
    reservation r = next_of(in, wanted, before);
    const bool stays =
        wanted.where.empty() && !wanted.stay_min && wanted.party_size.value_or(r.party_size) == r.party_size;
    if (stays) {
        if (r.special_requests == before.special_requests) return unchanged(in, before);
        in.stock().amend(r);
        return answered(in, {}, r, {.action = "reservation.change"});
    }
    if (wanted.party_size) r.party_size = *wanted.party_size;
    if (decision refused = find_other_seats(in, wanted, before, r); !refused.answer.ok()) return refused;

    decision made;
    move_capacity(in, made, before, r);
    std::string body = tell(in, made, r, {.action = "reservation.assign"});
    answer_with(made, r, std::move(body));
    const guest* sitting = r.guest ? find_guest(in, *r.guest) : nullptr;
    if (sitting == nullptr) return made;
    guest g = *sitting;
    g.party_size = r.party_size;
    g.tables = r.tables;
    g.blocks_from = r.blocks_from;
    g.blocks_until = r.blocks_until;
    g.updated_at = in.now;
    ++g.version;
    tell_guest(in, made, g, {.notice = std::nullopt, .action = "guest.seat"});
    table_changes tables(in);
    const auto contains = [](const std::vector<table_id>& all, const table_id& id) {
        return std::find(all.begin(), all.end(), id) != all.end();
    };
    for (const table_id& id : before.tables) {
        if (!contains(r.tables, id)) tables.set(id, table_status::dirty, std::nullopt, "table.free");
    }
    for (const table_id& id : r.tables) {
        if (!contains(before.tables, id)) tables.set(id, table_status::occupied, g.id, "table.seat");
    }
    tables.apply(made);
    return made;
}

decision complete(const context& in, const reservation& before) {
    decision made;
    const guest* sitting = before.guest ? find_guest(in, *before.guest) : nullptr;
    if (sitting != nullptr && sitting->status == guest_status::seated) {
        const guest seated = *sitting;
        complete_party(in, made, seated, std::nullopt);
    } else {
        // Its guest is not here: the reservation goes alone.
        guest nobody;
        nobody.reservation = before.id;
        complete_reservation_of(in, made, nobody);
    }
    const reservation* r = find_closed(in, before.id);
    answer_with(made, *r, in.render.reservation_json(*r, in.where()));
    return made;
}

// What ends a reservation changes nothing else of it.
bool is_just_the_end(const serve_reservation& wanted, const reservation& r) {
    const arrangement to = arranged(wanted, r);
    return wanted.where.empty() && !wanted.stay_min && !is_other_time(to, r) && to.party_size == r.party_size;
}

}  // namespace

decision on(const context& in, const serve_reservation& wanted) {
    const reservation* known = in.stock().find(wanted.id);
    if (known == nullptr) known = find_closed(in, wanted.id);
    if (known == nullptr) return refuse(errc::not_found);
    if (is_stale(wanted.if_version, *known)) return refuse(errc::precondition_failed);
    const reservation before = *known;
    // "confirmed" of a confirmed one is no move.
    const bool moves = wanted.to && !(*wanted.to == reservation_status::confirmed &&
                                      before.status == reservation_status::confirmed);
    if (!moves) {
        if (before.status == reservation_status::confirmed) return rearrange(in, wanted, before);
        if (before.status == reservation_status::seated) return reseat(in, wanted, before);
        return refuse_transition(before.status);
    }
    if (!may_move(before.status, *wanted.to)) return refuse_transition(before.status);
    switch (*wanted.to) {
        case reservation_status::seated:
            return seat(in, wanted, before);
        case reservation_status::confirmed:
            return restore(in, wanted, before);
        case reservation_status::completed:
            return is_just_the_end(wanted, before) ? complete(in, before) : refuse(errc::invalid_input);
        case reservation_status::cancelled:
        case reservation_status::no_show:
            return is_just_the_end(wanted, before) ? give_back(in, wanted, before)
                                                   : refuse(errc::invalid_input);
    }
    return refuse(errc::internal);
}

}  // namespace qtable::deciding
