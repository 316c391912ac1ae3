#include "core/engine/decide_placement.hpp"

#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"

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

// What is taken, by the wall clock of a business day.
struct stay {
    date day;
    int minute = 0;  // of `starts_at`
    instant starts_at;
    instant blocks_from;
    instant blocks_until;
};

bool has_starts(const context& in, const availability_window& window) {
    bool found = !in.stock().slots_on(window.date).empty();
    in.stock().view().opening->for_each_start(window.date, window.from_min, window.until_min - 1,
                                              [&found](const day_start&) { found = true; });
    return found;
}

// Split by business day, also into the days around, whose ranges may run past midnight.
void add_windows_of(const context& in, const stay& of, std::vector<availability_window>& windows) {
    const booking_rules& rules = in.config().rules;
    int longest = 0;
    for (const turn_time& turn : rules.turn_times) longest = std::max(longest, turn.minutes);
    const auto minutes_from_start = [&of](instant at) {
        return static_cast<int>((at.ms - of.starts_at.ms) / ms_per_minute);
    };
    const int from = of.minute + minutes_from_start(of.blocks_from) - longest - rules.buffer_before_min -
                     rules.buffer_after_min - rules.slot_interval_min;
    const int until =
        of.minute + minutes_from_start(of.blocks_until) + rules.buffer_before_min + rules.slot_interval_min;
    for (int day = -1; day <= 1; ++day) {
        const int shift = day * minutes_per_day;
        const availability_window window{of.day.plus_days(day), std::max(0, from - shift),
                                         std::min(limits::wall_minutes_max, until - shift)};
        if (window.from_min < window.until_min && (day == 0 || has_starts(in, window)))
            windows.push_back(window);
    }
}

}  // namespace

errc refusal_of(reasons why) noexcept {
    for (const auto& [which, code] : plain_refusals) {
        if (why.has(which)) return code;
    }
    return why.none() ? errc::ok : errc::slot_unavailable;
}

placement place(const context& in, const wanted_place& wanted) {
    placement found;
    const auto start = in.stock().start_at(wanted.day, wanted.minute);
    if (!start) {
        found.refusal = to_errc(start.error());
        return found;
    }
    ask asked;
    asked.date = wanted.day;
    asked.start = *start;
    asked.party_size = wanted.party_size;
    asked.now = in.now;
    asked.ignoring = wanted.ignoring;
    asked.channel = wanted.channel;
    if (!wanted.overrides.none()) {
        const auto bits = in.stock().check(asked).reasons.bits() & wanted.overrides.bits();
        found.overridden = reasons(static_cast<std::uint16_t>(bits));
    }
    asked.overrides = wanted.overrides;
    found.seats = in.stock().check(asked);
    found.refusal = refusal_of(found.seats.reasons);
    if (found.refusal != errc::ok && found.refusal != errc::slot_unavailable) return found;
    std::optional<reservation_id> own;
    if (wanted.ignoring) own = reservation_id(*wanted.ignoring);
    if (in.stock().find_overlapping(wanted.customer, found.seats.starts_at, found.seats.ends_at, own) !=
        nullptr)
        found.refusal = errc::already_booked;
    return found;
}

decision refuse_placement(const context& in, const placement& found, const wanted_place& wanted) {
    decision made = refuse(found.refusal);
    made.answer.why = found.seats.reasons;
    if (found.refusal != errc::slot_unavailable) return made;
    ask asked;
    asked.date = wanted.day;
    asked.start.minute = wanted.minute;
    asked.party_size = wanted.party_size;
    asked.now = in.now;
    asked.ignoring = wanted.ignoring;
    asked.channel = wanted.channel;
    asked.overrides = wanted.overrides;
    if (const auto start = in.stock().start_at(wanted.day, wanted.minute)) asked.start = *start;
    for (const auto& option : in.stock().alternatives(asked)) {
        made.answer.alternatives.push_back({wanted.day, option.minute, option.starts_at,
                                            in.where().offset_s_at(option.starts_at), option.ends_at});
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

void forget_arrival(reservation& r) {
    r.checked_in_at.reset();
    r.running_late_min.reset();
    r.late_flagged_at.reset();
}

void add_windows(const context& in, const reservation& r, std::vector<availability_window>& windows) {
    if (r.status == reservation_status::confirmed || r.status == reservation_status::cancelled ||
        r.status == reservation_status::no_show)
        return add_windows_of(in, {r.date, r.minute, r.starts_at, r.blocks_from, r.blocks_until}, windows);
    // Who is seated, or was: the tables are taken for when it sits there, slot and pacing for when it was
    // booked.
    add_windows_of(in, {r.date, r.minute, r.starts_at, r.starts_at, r.starts_at}, windows);
    add_windows(in, r.blocks_from, r.blocks_until, windows);
}

void add_windows(const context& in, const hold& h, std::vector<availability_window>& windows) {
    add_windows_of(in, {h.date, h.minute, h.starts_at, h.blocks_from, h.blocks_until}, windows);
}

void add_windows(const context& in, instant blocks_from, instant blocks_until,
                 std::vector<availability_window>& windows) {
    const local_time local = in.where().local_at(blocks_from);
    add_windows_of(in, {local.date, local.minute, blocks_from, blocks_from, blocks_until}, windows);
}

void count_slot(const context& in, decision& made, const std::optional<slot_id>& slot, int delta) {
    if (!slot) return;
    const qtable::slot* held = in.stock().find_slot(*slot);
    made.slot_counts.push_back({in.target.id, *slot, delta, held != nullptr ? held->version : 1});
}

std::string tell(const context& in, decision& made, const reservation& r, const told_as& how) {
    std::string body = in.render.reservation_json(r, in.where());
    made.events.push_back(make_event(in, how.event, body, r.id, how.action, how.overridden));
    if (how.notice) made.notices.push_back({r.customer, *how.notice, in.target.id, in.now, body});
    made.reservations.push_back(r);
    return body;
}

void answer_with(decision& made, const reservation& r, std::string body) {
    made.answer.version = r.version;
    made.answer.body = std::move(body);
}

const reservation* find_closed(const context& in, const reservation_id& id) {
    const auto found = in.target.closed.find(id);
    return found != in.target.closed.end() ? &found->second : nullptr;
}

decision refuse_transition(reservation_status current) {
    decision made = refuse(errc::illegal_transition);
    made.answer.current = current;
    return made;
}

decision unchanged(const context& in, const reservation& r) {
    decision same;
    answer_with(same, r, in.render.reservation_json(r, in.where()));
    return same;
}

date business_date(const restaurant_view& view, instant at) {
    const date today = view.zone->local_at(at).date;
    bool has_begun = false, is_night = false;
    view.opening->for_each_start(
        today, [&](const day_start& each) { has_begun = has_begun || each.starts_at <= at; });
    if (has_begun) return today;
    view.opening->for_each_start(today.plus_days(-1), [&](const day_start& each) {
        is_night = is_night || (each.starts_at <= at && at < each.starts_at.plus_minutes(each.room_min));
    });
    return is_night ? today.plus_days(-1) : today;
}

instant grid_before(instant at) noexcept {
    constexpr std::int64_t cell_ms = limits::grid_min * ms_per_minute;
    return {at.ms - ((at.ms % cell_ms) + cell_ms) % cell_ms};
}

instant grid_after(instant at) noexcept {
    const instant before = grid_before(at);
    return before == at ? at : before.plus_minutes(limits::grid_min);
}

}  // namespace qtable::deciding
