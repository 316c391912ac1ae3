// What time alone changes: holds that expire, parties that are late, a pause that is over, waits that move.
#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "core/engine/decide_party.hpp"

namespace qtable {

namespace {

// Reservations further ahead are looked at again in time.
constexpr std::int64_t look_again_min = 12 * 60;

// None: it is flagged, or has arrived.
std::optional<instant> late_from(const reservation& r, const booking_rules& rules) {
    if (r.status != reservation_status::confirmed || r.late_flagged_at || r.checked_in_at)
        return std::nullopt;
    return r.starts_at.plus_minutes(rules.no_show_grace_min + r.running_late_min.value_or(0));
}

bool has_online_waiters(const owned_restaurant& target) {
    return std::any_of(target.guests.begin(), target.guests.end(),
                       [](const auto& each) { return each.second.is_waiting() && each.second.customer; });
}

}  // namespace

std::optional<instant> next_due(const owned_restaurant& target, instant now) {
    if (!target.exists()) return std::nullopt;
    const restaurant_view& view = target.stock->view();
    std::optional<instant> first;
    const auto add = [&first](const std::optional<instant>& at) {
        if (at && (!first || *at < *first)) first = at;
    };
    for (const auto& [customer, held] : target.holds) add(held.expires_at);
    if (target.stock->reservation_count() > 0) {
        const date today = view.zone->local_at(now).date;
        for (int day = -2; day <= 1; ++day) {
            for (const reservation* r : target.stock->reservations_on(today.plus_days(day)))
                add(late_from(*r, view.rules()));
        }
        add(now.plus_minutes(look_again_min));
    }
    add(view.config->paused_until);
    if (has_online_waiters(target)) add(target.waits_due);
    return first;
}

namespace deciding {

namespace {

void expire_holds(const context& in, decision& made) {
    std::vector<hold> expired;
    for (const auto& [customer, held] : in.target.holds) {
        if (held.expires_at <= in.now) expired.push_back(held);
    }
    std::sort(expired.begin(), expired.end(), [](const hold& a, const hold& b) { return a.id < b.id; });
    for (const hold& each : expired) {
        give_up_hold(in, made, each.customer);
        made.action = "hold.expire";
        made.notices.push_back({each.customer, customer_event_type::hold_expired, in.target.id, in.now,
                                in.render.hold_json(each, in.where())});
    }
}

void flag_late(const context& in, decision& made) {
    const date today = in.where().local_at(in.now).date;
    std::vector<reservation> late;
    for (int day = -2; day <= 1; ++day) {
        for (const reservation* r : in.stock().reservations_on(today.plus_days(day))) {
            const auto from = late_from(*r, in.config().rules);
            if (from && *from <= in.now) late.push_back(*r);
        }
    }
    for (reservation& r : late) {
        r.late_flagged_at = r.updated_at = in.now;
        ++r.version;
        in.stock().amend(r);
        tell(in, made, r, {.notice = std::nullopt, .action = "reservation.late"});
    }
}

// The pause is taken off: readers go by the clock, but who listens has to hear of it.
void end_pause(const context& in, decision& made) {
    if (!in.config().paused_until || in.now < *in.config().paused_until) return;
    auto config = std::make_shared<restaurant>(in.config());
    config->paused_until.reset();
    config->updated_at = in.now;
    ++config->version;
    in.stock().reconfigure(make_view(config, in.stock().view().zone, &in.stock().view()));
    made.configuration = restaurant_row{config, false, 0, false};
    made.everything_changed = true;
    made.events.push_back(make_event(in, event_type::settings_changed, in.render.restaurant_json(*config), {},
                                     "settings.resume"));
}

bool has_moved(const told_wait& before, const wait_estimate& now) {
    if (before.position != now.position || before.median_min.has_value() != now.wait.has_value()) return true;
    return now.wait && std::abs(*before.median_min - now.wait->p50_min) >= limits::wait_push_change_min;
}

void push_waits(const context& in, decision& made) {
    if (in.now < in.target.waits_due || !has_online_waiters(in.target)) return;
    in.target.waits_due = in.now.plus_ms(limits::wait_push_interval_ms);
    const std::vector<const guest*> waiting = waiting_guests(in.target);
    const std::vector<wait_estimate> waits = estimate_all(in, waiting);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        const guest& g = *waiting[i];
        if (!g.customer) continue;
        told_wait& told = in.target.told_waits[g.id];
        const instant again = told.at.plus_ms(limits::wait_push_interval_ms);
        if (in.now < again) {
            in.target.waits_due = std::min(in.target.waits_due, again);
            continue;
        }
        if (!has_moved(told, waits[i])) continue;
        told = {in.now, waits[i].position,
                waits[i].wait ? std::optional(waits[i].wait->p50_min) : std::nullopt};
        made.notices.push_back({*g.customer, customer_event_type::estimated_wait_time, in.target.id, in.now,
                                own_guest_text(in, g, &waits[i])});
    }
}

}  // namespace

decision on(const context& in, const tick&) {
    decision made;
    made.answer.status = 204;
    expire_holds(in, made);
    flag_late(in, made);
    end_pause(in, made);
    push_waits(in, made);
    return made;
}

}  // namespace deciding
}  // namespace qtable
