// What customers do to their reservations: book, change, cancel.
#include <string>
#include <utility>

#include "core/base/limits.hpp"
#include "core/base/mutant.hpp"
#include "core/engine/decide_placement.hpp"

namespace qtable::deciding {

namespace {

bool is_cut_off(const context& in, const reservation& r) noexcept {
    return in.now >= r.starts_at.plus_minutes(-in.config().rules.cancellation_cutoff_min);
}

reservation make_reservation(const context& in, const create_reservation& wanted) {
    reservation r;
    r.id = wanted.id;
    r.restaurant = in.target.id;
    r.customer = wanted.customer;
    r.date = wanted.date;
    r.party_size = wanted.party_size;
    r.special_requests = wanted.special_requests;
    r.confirmation_code = wanted.confirmation_code;
    r.created_at = r.updated_at = in.now;
    return r;
}

decision booked(const context& in, const reservation& r) {
    decision made;
    made.answer.status = 201;
    made.answer.location = "/customer/reservations/" + to_string(r.id);
    count_slot(in, made, r.slot, -1);
    add_windows(in, r, made.windows);
    std::string body = tell(in, made, r,
                            {.event = event_type::customer_reservation_received,
                             .notice = customer_event_type::reservation_confirmed,
                             .action = "reservation.create"});
    answer_with(made, r, std::move(body));
    return made;
}

// What is held becomes the reservation's, whatever else is full by now.
decision book_held(const context& in, const create_reservation& wanted) {
    const auto found = in.target.holds.find(wanted.customer);
    if (found == in.target.holds.end() || found->second.id != *wanted.hold) return refuse(errc::hold_expired);
    const hold held = found->second;
    const bool is_same = held.date == wanted.date && held.minute % minutes_per_day == wanted.minute &&
                         held.party_size == wanted.party_size;
    if (!is_same || held.expires_at <= in.now) return refuse(errc::hold_expired);
    if (held.starts_at < in.now) return refuse(errc::past);
    if (in.stock().find_overlapping(wanted.customer, held.starts_at, held.ends_at, std::nullopt) != nullptr)
        return refuse(errc::already_booked);
    // Staff may have taken back what they published.
    const slot* of = held.slot ? in.stock().find_slot(*held.slot) : nullptr;
    if (of != nullptr && of->available_tables < 1) return refuse(errc::hold_expired);

    reservation r = make_reservation(in, wanted);
    r.minute = held.minute;
    r.starts_at = held.starts_at;
    r.ends_at = held.ends_at;
    r.blocks_from = held.blocks_from;
    r.blocks_until = held.blocks_until;
    r.tables = held.tables;
    if (of != nullptr) r.slot = held.slot;
    // At once: the reservation takes all of it in the same moment. But for what a hold before this one has
    // there, whose end isn't committed yet: in a moment, then.
    in.stock().release_claim(held.customer);
    if (!in.stock().tables_free(held.tables, held.blocks_from, held.blocks_until, std::nullopt)) {
        in.stock().take_claim(held.customer, claim_of(held));
        return refuse(errc::overloaded);
    }
    in.stock().take(r);
    in.target.holds.erase(found);
    decision made = booked(in, r);
    made.holds.push_back({held, true});
    return made;
}

}  // namespace

decision on(const context& in, const create_reservation& wanted) {
    if (in.stock().find(wanted.id) != nullptr || find_closed(in, wanted.id) != nullptr)
        return refuse(errc::internal);
    // A house that isn't shown is nothing to who has nothing there yet.
    if (!in.config().profile.is_public && !in.target.holds.contains(wanted.customer))
        return refuse(errc::not_found);
    if (wanted.hold) return book_held(in, wanted);
    const wanted_place where{wanted.customer, wanted.date, wanted.minute, wanted.party_size, {}, {}, {}};
    const placement found = place(in, where);
    if (found.refusal != errc::ok) return refuse_placement(in, found, where);
    reservation r = make_reservation(in, wanted);
    put_seats(in, r, found.seats);
    in.stock().take(r);
    return booked(in, r);
}

decision on(const context& in, const change_reservation& wanted) {
    const reservation* held = in.stock().find(wanted.id);
    if (held == nullptr) {
        const reservation* closed = find_closed(in, wanted.id);
        if (closed == nullptr || closed->customer != wanted.customer) return refuse(errc::not_found);
        return refuse_transition(closed->status);
    }
    if (held->customer != wanted.customer) return refuse(errc::not_found);
    if (is_stale(wanted.if_version, *held)) return refuse(errc::precondition_failed);
    if (held->status != reservation_status::confirmed) return refuse_transition(held->status);
    if (is_cut_off(in, *held)) return refuse(errc::cutoff_passed);

    const reservation before = *held;
    reservation r = before;
    const int minute = wanted.minute.value_or(before.minute % minutes_per_day);
    r.date = wanted.date.value_or(before.date);
    r.party_size = wanted.party_size.value_or(before.party_size);
    if (wanted.special_requests) r.special_requests = *wanted.special_requests;
    r.updated_at = in.now;
    ++r.version;

    decision made;
    const bool moves = r.date != before.date || minute != before.minute % minutes_per_day ||
                       r.party_size != before.party_size;
    if (moves) {
        const wanted_place where{r.customer, r.date, minute, r.party_size, r.id, {}, {}};
        const placement found = place(in, where);
        if (found.refusal != errc::ok) return refuse_placement(in, found, where);
        put_seats(in, r, found.seats);
        if (r.starts_at != before.starts_at) forget_arrival(r);
        made.releases.push_back(in.stock().begin_move(r));
        count_slot(in, made, before.slot, +1);
        count_slot(in, made, r.slot, -1);
        add_windows(in, before, made.windows);
        add_windows(in, r, made.windows);
    } else {
        in.stock().amend(r);
    }
    std::string body = tell(in, made, r, {.action = "reservation.change"});
    answer_with(made, r, std::move(body));
    return made;
}

decision on(const context& in, const cancel_reservation& wanted) {
    const reservation* held = in.stock().find(wanted.id);
    if (held == nullptr) {
        const reservation* closed = find_closed(in, wanted.id);
        if (closed == nullptr || closed->customer != wanted.customer) return refuse(errc::not_found);
        if (closed->status != reservation_status::cancelled) return refuse_transition(closed->status);
        return unchanged(in, *closed);  // cancelled already: the same answer again
    }
    if (held->customer != wanted.customer) return refuse(errc::not_found);
    if (is_stale(wanted.if_version, *held)) return refuse(errc::precondition_failed);
    if (!may_move(held->status, reservation_status::cancelled)) return refuse_transition(held->status);
    if (is_cut_off(in, *held)) return refuse(errc::cutoff_passed);

    reservation r = *held;
    r.status = reservation_status::cancelled;
    r.updated_at = in.now;
    ++r.version;

    decision made;
    made.releases.push_back(in.stock().begin_release(r.id));
    if (mutant_on(mutant::frees_before_commit)) {
        in.stock().commit_release(made.releases.back());
        made.releases.clear();
    }
    in.target.closed.insert_or_assign(r.id, r);
    count_slot(in, made, r.slot, mutant_on(mutant::releases_twice) ? +2 : +1);
    add_windows(in, r, made.windows);
    std::string body = tell(in, made, r,
                            {.event = event_type::customer_reservation_cancelled,
                             .notice = customer_event_type::reservation_cancelled,
                             .action = "reservation.cancel"});
    answer_with(made, r, std::move(body));
    return made;
}

}  // namespace qtable::deciding
