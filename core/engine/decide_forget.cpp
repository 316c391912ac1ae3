// A person's data goes: what is to come is given back, what was said and told of the person is emptied.
#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/limits.hpp"
#include "core/engine/decide_party.hpp"

namespace qtable::deciding {

namespace {

constexpr std::string_view forget_action = "customer.forget";
constexpr std::string_view former_guest = "Former guest";

std::vector<reservation> reservations_of(const context& in, const customer_id& customer) {
    std::vector<reservation> all;
    const date today = in.where().local_at(in.now).date;
    for (int day = -limits::availability_days_max; day <= limits::booking_window_max_days + 1; ++day) {
        for (const reservation* r : in.stock().reservations_on(today.plus_days(day))) {
            if (r->customer == customer) all.push_back(*r);
        }
    }
    std::vector<reservation> closed;
    for (const auto& [id, r] : in.target.closed) {
        if (r.customer == customer) closed.push_back(r);
    }
    std::sort(closed.begin(), closed.end(),
              [](const reservation& a, const reservation& b) { return a.id < b.id; });
    all.insert(all.end(), closed.begin(), closed.end());
    return all;
}

void forget(const context& in, decision& made, reservation r) {
    const bool is_coming = r.status == reservation_status::confirmed && r.starts_at > in.now;
    if (!is_coming && r.special_requests.empty()) return;
    r.special_requests.clear();
    ++r.version;
    if (is_coming) {
        r.status = reservation_status::cancelled;
        r.updated_at = in.now;
        made.releases.push_back(in.stock().begin_release(r.id));
        in.target.closed.insert_or_assign(r.id, r);
        count_slot(in, made, r.slot, +1);
        add_windows(in, r, made.windows);
        tell(in, made, r,
             {.event = event_type::customer_reservation_cancelled,
              .notice = customer_event_type::reservation_cancelled,
              .action = forget_action});
        return;
    }
    // A no-show's time of change is when it was marked.
    if (r.takes_capacity()) {
        r.updated_at = in.now;
        in.stock().amend(r);
    } else {
        in.target.closed.insert_or_assign(r.id, r);
    }
    tell(in, made, r, {.notice = std::nullopt, .action = forget_action});
}

void forget(const context& in, decision& made, guest g) {
    const bool waits = g.is_waiting();
    if (!waits && g.name == former_guest && g.phone.empty() && g.notes.empty()) return;
    if (waits) {
        g.status = guest_status::left;
        g.left_at = in.now;
    }
    g.name = former_guest;
    g.phone.clear();
    g.notes.clear();
    g.updated_at = in.now;
    ++g.version;
    tell_guest(in, made, g,
               {.notice = waits ? std::optional(customer_event_type::waitlist_updated) : std::nullopt,
                .action = forget_action});
}

}  // namespace

decision on(const context& in, const forget_customer& wanted) {
    decision made;
    made.answer.status = 204;
    for (const reservation& r : reservations_of(in, wanted.customer)) forget(in, made, r);
    give_up_hold(in, made, wanted.customer);
    std::vector<guest> guests;
    for (const auto& [id, g] : in.target.guests) {
        if (g.customer == wanted.customer) guests.push_back(g);
    }
    std::sort(guests.begin(), guests.end(), [](const guest& a, const guest& b) { return a.id < b.id; });
    for (const guest& g : guests) forget(in, made, g);
    made.action = forget_action;
    return made;
}

}  // namespace qtable::deciding
