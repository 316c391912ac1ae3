// A customer's own day: here I am, and I am late.
#include <utility>

#include "core/engine/decide_placement.hpp"

namespace qtable::deciding {

namespace {

// The customer's reservation that is still to come, or why not.
const reservation* find_coming(const context& in, const reservation_id& id, const customer_id& customer,
                               decision& refused) {
    const reservation* known = in.stock().find(id);
    if (known == nullptr) known = find_closed(in, id);
    if (known == nullptr || known->customer != customer) {
        refused = refuse(errc::not_found);
        return nullptr;
    }
    if (known->status == reservation_status::confirmed) return known;
    refused = refuse_transition(known->status);
    return nullptr;
}

decision amended(const context& in, reservation r, const told_as& how) {
    r.updated_at = in.now;
    ++r.version;
    in.stock().amend(r);
    decision made;
    std::string body = tell(in, made, r, how);
    answer_with(made, r, std::move(body));
    return made;
}

}  // namespace

decision on(const context& in, const check_in& wanted) {
    decision refused;
    const reservation* known = find_coming(in, wanted.id, wanted.customer, refused);
    if (known == nullptr) return refused;
    if (known->checked_in_at) return unchanged(in, *known);
    reservation r = *known;
    r.checked_in_at = in.now;
    return amended(in, std::move(r),
                   {.event = event_type::customer_checked_in, .action = "reservation.check_in"});
}

decision on(const context& in, const running_late& wanted) {
    decision refused;
    const reservation* known = find_coming(in, wanted.id, wanted.customer, refused);
    if (known == nullptr) return refused;
    if (known->running_late_min.value_or(0) == wanted.minutes) return unchanged(in, *known);
    reservation r = *known;
    r.running_late_min = wanted.minutes == 0 ? std::nullopt : std::optional(wanted.minutes);
    return amended(in, std::move(r), {.action = "reservation.running_late"});
}

}  // namespace qtable::deciding
