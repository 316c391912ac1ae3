// Whether tables, guests and reservations say the same: the chain reservation → guest → table.
#include <algorithm>

#include "core/engine/owned_restaurant.hpp"

namespace qtable {

namespace {

bool sits_at(const guest& g, const table_id& id) {
    return g.status == guest_status::seated &&
           std::find(g.tables.begin(), g.tables.end(), id) != g.tables.end();
}

}  // namespace

std::optional<std::string> check_floor(const owned_restaurant& target) {
    const restaurant& config = *target.stock->view().config;
    for (const table& each : config.tables) {
        const bool is_occupied = each.status == table_status::occupied;
        if (is_occupied != each.current_guest_id.has_value())
            return "table " + each.label + " is " + std::string(to_string(each.status)) +
                   (is_occupied ? " by nobody" : " and has a guest");
        if (!is_occupied) continue;
        const auto found = target.guests.find(*each.current_guest_id);
        if (found == target.guests.end() || !sits_at(found->second, each.id))
            return "table " + each.label + " is occupied by guest " + to_string(*each.current_guest_id) +
                   ", who doesn't sit there";
    }
    for (const auto& [id, g] : target.guests) {
        if (g.status != guest_status::seated) continue;
        for (const table& each : config.tables) {
            if (sits_at(g, each.id) && each.current_guest_id != id)
                return "guest " + to_string(id) + " sits at table " + each.label +
                       ", which has another state";
        }
        if (g.takes_capacity() && target.stock->find_claim(id) == nullptr)
            return "guest " + to_string(id) + " sits and takes nothing";
        const reservation* of = g.reservation ? target.stock->find(*g.reservation) : nullptr;
        if (of != nullptr && (of->status != reservation_status::seated || of->guest != id))
            return "guest " + to_string(id) + " sits, and reservation " + to_string(of->id) + " is " +
                   std::string(to_string(of->status));
    }
    return std::nullopt;
}

}  // namespace qtable
