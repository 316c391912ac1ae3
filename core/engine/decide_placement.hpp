// Shared by the decisions about bookings and parties: asking for a place, the windows that a change of
// capacity is told in, rows and log rows of reservations. Inside core/engine only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/decide_common.hpp"

namespace qtable::deciding {

struct wanted_place {
    customer_id customer;
    date day;
    int minute = 0;
    int party_size = 0;
    std::optional<uuid> ignoring;  // as in ask
    booking_channel channel = booking_channel::online;
    reasons overrides;
};

struct placement {
    verdict seats;
    errc refusal = errc::ok;
    reasons overridden;  // reasons that would have counted, had staff not set them aside
};

// Asks the one feasibility function for a seat, and says which refusal its reasons amount to.
placement place(const context& in, const wanted_place& wanted);
// The refusal of reasons alone: errc::ok for none.
errc refusal_of(reasons why) noexcept;
decision refuse_placement(const context& in, const placement& found, const wanted_place& wanted);

// `tables` as the verdict chose them.
void put_seats(const context& in, reservation& r, const verdict& seats);
// At another time the guests are neither there nor late yet.
void forget_arrival(reservation& r);

// The starts whose availability the reservation, the hold, or a party that sits there then may touch: those
// whose own stay would meet it.
void add_windows(const context& in, const reservation& r, std::vector<availability_window>& windows);
void add_windows(const context& in, const hold& h, std::vector<availability_window>& windows);
void add_windows(const context& in, instant blocks_from, instant blocks_until,
                 std::vector<availability_window>& windows);

// Nothing if there is none. Its capacity is free after the commit.
void give_up_hold(const context& in, decision& made, const customer_id& customer);

// The database's count of that slot follows memory's. After memory changed.
void count_slot(const context& in, decision& made, const std::optional<slot_id>& slot, int delta);

// Row, log row and notice of a reservation as it became; its JSON.
struct told_as {
    event_type event = event_type::customer_reservation_updated;
    std::optional<customer_event_type> notice = customer_event_type::reservation_updated;
    std::string_view action;
    reasons overridden = {};
};
std::string tell(const context& in, decision& made, const reservation& r, const told_as& how);
void answer_with(decision& made, const reservation& r, std::string body);

const reservation* find_closed(const context& in, const reservation_id& id);
decision refuse_transition(reservation_status current);
// The same answer as before: nothing changes.
decision unchanged(const context& in, const reservation& r);

template <class Thing>
bool is_stale(const std::optional<std::int64_t>& if_version, const Thing& thing) noexcept {
    return if_version && *if_version != thing.version;
}

// The business day that is on at `at`: the one before while its night goes on.
date business_date(const restaurant_view& view, instant at);

// On the grid of the occupancy.
instant grid_before(instant at) noexcept;
instant grid_after(instant at) noexcept;

}  // namespace qtable::deciding
