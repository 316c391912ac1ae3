// What the model of the database answers.
#include <algorithm>

#include "tests/unit/core/engine/model_database.hpp"

namespace qtable::test {

bool model_database::has_event(const logged_event& marker) const {
    const auto found = restaurants_.find(marker.restaurant);
    if (found == restaurants_.end()) return false;
    const std::vector<logged_event>& rows = found->second.events;
    const auto place = static_cast<std::size_t>(marker.seq - 1);
    return place < rows.size() && rows[place].command == marker.command;
}

restaurant_image model_database::image(const restaurant_id& id, std::int64_t since_seq) const {
    restaurant_image made;
    made.id = id;
    const auto found = restaurants_.find(id);
    if (found == restaurants_.end() || found->second.is_deleted) return made;
    const restaurant_tables& of = found->second;
    const auto where = zones_.find(of.what.profile.timezone);
    if (where == zones_.end()) return made;
    made.exists = true;
    made.what = of.what;
    made.local_zone = where->second;
    for (const auto& [slot_id, value] : of.slots) made.slots.push_back(value);
    for (const auto& [reservation_id, value] : of.reservations) made.reservations.push_back(value);
    for (const auto& [guest_id, value] : of.guests) made.guests.push_back(value);
    made.log_epoch = of.log_epoch;
    made.last_seq = static_cast<std::int64_t>(of.events.size());
    made.last_public_seq = of.last_public_seq;
    made.events_since = events_since(id, since_seq, false);
    return made;
}

restaurant_image model_database::image(const journal::load_request& wanted) const {
    if (!wanted.only_changes) return image(wanted.restaurant, wanted.since_seq);
    restaurant_image made;
    made.id = wanted.restaurant;
    made.is_changes = true;
    const auto found = restaurants_.find(wanted.restaurant);
    if (found == restaurants_.end() || found->second.is_deleted) return made;
    const restaurant_tables& of = found->second;
    made.exists = true;
    made.log_epoch = of.log_epoch;
    made.events_since = events_since(wanted.restaurant, wanted.since_seq - 1, false);
    made.last_seq = std::max(wanted.since_seq, static_cast<std::int64_t>(of.events.size()));
    std::set<uuid> named;
    for (const logged_event& row : made.events_since) {
        const auto about = of.reservations.find(reservation_id(row.subject));
        if (about != of.reservations.end() && named.insert(row.subject).second)
            made.reservations.push_back(about->second);
    }
    return made;
}

std::vector<logged_event> model_database::events_since(const restaurant_id& id, std::int64_t since_seq,
                                                       bool is_public) const {
    std::vector<logged_event> rows;
    const auto found = restaurants_.find(id);
    if (found == restaurants_.end()) return rows;
    for (const logged_event& row : found->second.events) {
        if ((is_public ? row.public_seq : row.seq) > since_seq) rows.push_back(row);
    }
    return rows;
}

const receipt_row* model_database::find_receipt(const receipt_request& wanted) const {
    const auto found = receipts_.find({wanted.actor, wanted.route, wanted.key});
    return found != receipts_.end() ? &found->second : nullptr;
}

}  // namespace qtable::test
