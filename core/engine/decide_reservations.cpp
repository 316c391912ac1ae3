#include <algorithm>
#include <string>
#include <utility>

#include "core/base/limits.hpp"
#include "core/engine/decide_common.hpp"

namespace qtable::deciding {

namespace {

// Reasons that are the request's own fault: it can't come true by waiting for capacity.
constexpr std::pair<reason, errc> plain_refusals[] = {
    {reason::past, errc::past},
    {reason::party_too_small, errc::party_too_small},
    {reason::party_too_large, errc::party_too_large},
    {reason::min_notice, errc::min_notice},
    {reason::max_notice, errc::max_notice},
};

struct placement {
    verdict seats;
    errc refusal = errc::ok;
};

// Asks the one feasibility function for a seat, and says which refusal its reasons amount to.
placement place(const context& in, customer_id customer, date day, int minute, int party_size,
                const std::optional<reservation_id>& ignoring) {
    placement found;
    const auto start = in.stock().start_at(day, minute);
    if (!start) {
        found.refusal = to_errc(start.error());
        return found;
    }
    ask wanted;
    wanted.date = day;
    wanted.start = *start;
    wanted.party_size = party_size;
    wanted.now = in.now;
    if (ignoring) wanted.ignoring = *ignoring;
    found.seats = in.stock().check(wanted);
    for (const auto& [why, code] : plain_refusals) {
        if (found.seats.reasons.has(why)) {
            found.refusal = code;
            return found;
        }
    }
    if (in.stock().find_overlapping(customer, found.seats.starts_at, found.seats.ends_at, ignoring) !=
        nullptr) {
        found.refusal = errc::already_booked;
    } else if (!found.seats.is_available()) {
        found.refusal = errc::slot_unavailable;
    }
    return found;
}

decision refuse_placement(const context& in, const placement& found, date day, int minute, int party_size,
                          const std::optional<reservation_id>& ignoring) {
    decision made = refuse(found.refusal);
    made.answer.why = found.seats.reasons;
    if (found.refusal != errc::slot_unavailable) return made;
    ask wanted;
    wanted.date = day;
    wanted.start.minute = minute;
    wanted.party_size = party_size;
    wanted.now = in.now;
    if (ignoring) wanted.ignoring = *ignoring;
    if (const auto start = in.stock().start_at(day, minute)) wanted.start = *start;
    for (const auto& option : in.stock().alternatives(wanted)) {
        made.answer.alternatives.push_back(
            {day, option.minute, option.starts_at, in.where().offset_s_at(option.starts_at), option.ends_at});
    }
    return made;
}

void put_seats(const context& in, reservation& r, const verdict& seats) {
    const local_time local = in.where().local_at(seats.starts_at);
    r.minute = local.minute + (local.date.days - r.date.days) * minutes_per_day;
    r.starts_at = seats.starts_at;
    r.ends_at = seats.ends_at;
    r.blocks_from = seats.blocks_from;
    r.blocks_until = seats.blocks_until;
    r.tables = in.stock().tables_of(seats);
    r.slot = seats.slot;
}

bool has_starts(const context& in, const availability_window& window) {
    bool found = !in.stock().slots_on(window.date).empty();
    in.stock().view().opening->for_each_start(window.date, window.from_min, window.until_min - 1,
                                              [&found](const day_start&) { found = true; });
    return found;
}

// The starts whose availability a reservation may touch: those whose own stay would meet it. Split by
// business day, also into the days around, whose ranges may run past midnight.
void add_windows(const context& in, const reservation& r, std::vector<availability_window>& windows) {
    const booking_rules& rules = in.config().rules;
    int longest = 0;
    for (const turn_time& turn : rules.turn_times) longest = std::max(longest, turn.minutes);
    const auto minutes_from_start = [&r](instant at) {
        return static_cast<int>((at.ms - r.starts_at.ms) / ms_per_minute);
    };
    const int from = r.minute + minutes_from_start(r.blocks_from) - longest - rules.buffer_before_min -
                     rules.buffer_after_min - rules.slot_interval_min;
    const int until =
        r.minute + minutes_from_start(r.blocks_until) + rules.buffer_before_min + rules.slot_interval_min;
    for (int day = -1; day <= 1; ++day) {
        const int shift = day * minutes_per_day;
        const availability_window window{r.date.plus_days(day), std::max(0, from - shift),
                                         std::min(limits::wall_minutes_max, until - shift)};
        if (window.from_min < window.until_min && (day == 0 || has_starts(in, window)))
            windows.push_back(window);
    }
}

customer_notice notice_of(const context& in, customer_event_type type, const reservation& r,
                          const std::string& data) {
    return {r.customer, type, in.target.id, in.now, data};
}

void count_slot(const context& in, decision& made, const std::optional<slot_id>& slot, int delta) {
    if (!slot) return;
    const qtable::slot* held = in.stock().find_slot(*slot);
    made.slot_counts.push_back({in.target.id, *slot, delta, held != nullptr ? held->version : 1});
}

// Body, version, log row and notice of a reservation as it became.
void tell(const context& in, decision& made, const reservation& r, event_type type,
          customer_event_type notice) {
    std::string body = in.render.reservation_json(r, in.where());
    made.events.push_back(make_event(in, type, body));
    made.notices.push_back(notice_of(in, notice, r, body));
    made.reservations.push_back(r);
    made.answer.version = r.version;
    made.answer.body = std::move(body);
}

bool is_stale(const std::optional<std::int64_t>& if_version, const reservation& r) noexcept {
    return if_version && *if_version != r.version;
}

bool is_cut_off(const context& in, const reservation& r) noexcept {
    return in.now >= r.starts_at.plus_minutes(-in.config().rules.cancellation_cutoff_min);
}

decision refuse_transition(reservation_status current) {
    decision made = refuse(errc::illegal_transition);
    made.answer.current = current;
    return made;
}

const reservation* find_closed(const context& in, const reservation_id& id) {
    const auto found = in.target.closed.find(id);
    return found != in.target.closed.end() ? &found->second : nullptr;
}

}  // namespace

decision on(const context& in, const create_reservation& wanted) {
    if (in.stock().find(wanted.id) != nullptr || find_closed(in, wanted.id) != nullptr)
        return refuse(errc::internal);
    if (wanted.hold) return refuse(errc::hold_expired);
    const placement found =
        place(in, wanted.customer, wanted.date, wanted.minute, wanted.party_size, std::nullopt);
    if (found.refusal != errc::ok)
        return refuse_placement(in, found, wanted.date, wanted.minute, wanted.party_size, std::nullopt);

    reservation r;
    r.id = wanted.id;
    r.restaurant = in.target.id;
    r.customer = wanted.customer;
    r.date = wanted.date;
    r.party_size = wanted.party_size;
    r.special_requests = wanted.special_requests;
    r.confirmation_code = wanted.confirmation_code;
    r.created_at = r.updated_at = in.now;
    put_seats(in, r, found.seats);
    in.stock().take(r);

    decision made;
    made.answer.status = 201;
    made.answer.location = "/customer/reservations/" + to_string(r.id);
    count_slot(in, made, r.slot, -1);
    add_windows(in, r, made.windows);
    tell(in, made, r, event_type::customer_reservation_received, customer_event_type::reservation_confirmed);
    return made;
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
        const placement found = place(in, r.customer, r.date, minute, r.party_size, r.id);
        if (found.refusal != errc::ok) return refuse_placement(in, found, r.date, minute, r.party_size, r.id);
        put_seats(in, r, found.seats);
        made.releases.push_back(in.stock().begin_move(r));
        count_slot(in, made, before.slot, +1);
        count_slot(in, made, r.slot, -1);
        add_windows(in, before, made.windows);
        add_windows(in, r, made.windows);
    } else {
        in.stock().amend(r);
    }
    tell(in, made, r, event_type::customer_reservation_updated, customer_event_type::reservation_updated);
    return made;
}

decision on(const context& in, const cancel_reservation& wanted) {
    const reservation* held = in.stock().find(wanted.id);
    if (held == nullptr) {
        const reservation* closed = find_closed(in, wanted.id);
        if (closed == nullptr || closed->customer != wanted.customer) return refuse(errc::not_found);
        if (closed->status != reservation_status::cancelled) return refuse_transition(closed->status);
        decision same;  // cancelled already: the same answer again, nothing to change
        same.answer.body = in.render.reservation_json(*closed, in.where());
        same.answer.version = closed->version;
        return same;
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
    in.target.closed.insert_or_assign(r.id, r);
    count_slot(in, made, r.slot, +1);
    add_windows(in, r, made.windows);
    tell(in, made, r, event_type::customer_reservation_cancelled, customer_event_type::reservation_cancelled);
    return made;
}

}  // namespace qtable::deciding
