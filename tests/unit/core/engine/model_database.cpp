#include "tests/unit/core/engine/model_database.hpp"

#include <algorithm>

namespace qtable::test {

namespace {

template <class List>
void sort_by_label(List& list) {
    std::sort(list.begin(), list.end(),
              [](const auto& a, const auto& b) { return std::tie(a.label, a.id) < std::tie(b.label, b.id); });
}

bool is_seated_at(const guest& g, const table_id& id) {
    return g.status == guest_status::seated &&
           std::find(g.tables.begin(), g.tables.end(), id) != g.tables.end();
}

}  // namespace

void model_database::add_zone(const zone& known) {
    zones_[known.name()] = std::make_shared<const zone>(known);
}

void model_database::add_restaurant(const restaurant& what, std::uint64_t log_epoch) {
    restaurant_tables added;
    added.what = what;
    added.log_epoch = log_epoch;
    restaurants_[what.id] = std::move(added);
}

batch_result model_database::apply(const batch& what) {
    batch_result answer{what.id, batch_outcome::conflict, conflict_kind::other};
    for (const receipt_row& row : what.receipts) {
        if (find_receipt(row.request) == nullptr) continue;
        answer.conflict = conflict_kind::receipt_exists;
        return answer;
    }
    changed_restaurants changed;
    for (const logged_event& row : what.events) {
        if (const auto known = restaurants_.find(row.restaurant); known != restaurants_.end())
            changed.insert(*known);
    }
    if (!put_configuration(what, changed) || !put_tables(what, changed, answer.conflict) ||
        !put_settings(what, changed) || !put_reviews(what, changed, answer.conflict))
        return answer;
    if (!put_events(what, changed) || !put_slots(what, changed) || !put_reservations(what, changed) ||
        !put_guests(what, changed) || !tables_are_taken_once(what, changed) ||
        !tables_have_their_guests(what, changed))
        return answer;

    for (auto& [id, tables] : changed) restaurants_[id] = std::move(tables);
    for (const receipt_row& row : what.receipts)
        receipts_[{row.request.actor, row.request.route, row.request.key}] = row;
    answer.outcome = batch_outcome::committed;
    return answer;
}

bool model_database::put_events(const batch& what, changed_restaurants& changed) {
    for (const logged_event& row : what.events) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end()) {
            violations_.push_back("an event of no restaurant");
            return false;
        }
        restaurant_tables& of = found->second;
        const auto last = static_cast<std::int64_t>(of.events.size());
        if (row.seq <= last) return false;
        if (row.public_seq != 0 && row.public_seq <= of.last_public_seq) return false;
        if (row.seq != last + 1 || (row.public_seq != 0 && row.public_seq != of.last_public_seq + 1))
            violations_.push_back("a hole in the log before " + std::to_string(row.seq));
        of.events.push_back(row);
        of.last_public_seq = std::max(of.last_public_seq, row.public_seq);
    }
    return true;
}

bool model_database::put_configuration(const batch& what, changed_restaurants& changed) {
    for (const restaurant_row& row : what.restaurants) {
        if (row.is_new == changed.contains(row.what->id)) return false;
        restaurant_tables& of = changed[row.what->id];
        restaurant next = *row.what;
        next.tables = of.what.tables;  // rows of their own
        next.combinations = of.what.combinations;
        next.special_days = of.what.special_days;
        of.is_deleted = row.is_deleted;
        if (row.is_new) {
            of.log_epoch = row.log_epoch;
        } else {
            next.staff = of.what.staff;
        }
        of.what = std::move(next);
    }
    return true;
}

bool model_database::put_tables(const batch& what, changed_restaurants& changed, conflict_kind& kind) {
    for (const table_row& row : what.tables) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end()) return false;
        std::vector<table>& tables = found->second.what.tables;
        const auto count =
            std::erase_if(tables, [&row](const table& each) { return each.id == row.what.id; });
        if (row.is_deleted && count == 0) return false;
        if (row.is_deleted) continue;
        if (std::any_of(tables.begin(), tables.end(),
                        [&](const table& each) { return each.label == row.what.label; })) {
            kind = conflict_kind::label_taken;
            return false;
        }
        tables.push_back(row.what);
        sort_by_label(tables);
    }
    for (const combination_row& row : what.combinations) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end()) return false;
        std::vector<table_combination>& all = found->second.what.combinations;
        std::erase_if(all, [&row](const table_combination& each) { return each.id == row.what.id; });
        if (row.is_deleted) continue;
        all.push_back(row.what);
        sort_by_label(all);
    }
    return true;
}

bool model_database::put_settings(const batch& what, changed_restaurants& changed) {
    for (const special_day_row& row : what.special_days) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end()) return false;
        std::vector<special_day>& days = found->second.what.special_days;
        std::erase_if(days, [&row](const special_day& each) { return each.date == row.what.date; });
        if (!row.is_deleted) days.push_back(row.what);
        std::sort(days.begin(), days.end(),
                  [](const special_day& a, const special_day& b) { return a.date < b.date; });
    }
    for (const staff_row& row : what.staff) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end()) return false;
        std::vector<staff_member>& staff = found->second.what.staff;
        std::erase_if(staff, [&row](const staff_member& each) { return each.id == row.what.id; });
        if (!row.is_deleted) staff.push_back(row.what);
        std::sort(staff.begin(), staff.end(),
                  [](const staff_member& a, const staff_member& b) { return a.id < b.id; });
    }
    return true;
}

bool model_database::put_reviews(const batch& what, changed_restaurants& changed, conflict_kind& kind) {
    for (const review& row : what.reviews) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end()) return false;
        if (!found->second.reviews.emplace(row.reservation, row).second) {
            kind = conflict_kind::review_exists;
            return false;
        }
    }
    return true;
}

bool model_database::put_slots(const batch& what, changed_restaurants& changed) {
    for (const slot_row& row : what.slots) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end() || row.what.available_tables < 0) return false;
        for (const auto& [id, known] : found->second.slots) {
            const bool is_same_start = known.date == row.what.date && known.minute == row.what.minute &&
                                       known.party_size == row.what.party_size;
            if (id != row.what.id && is_same_start) return false;
        }
        found->second.slots[row.what.id] = row.what;
    }
    for (const slot_count_row& row : what.slot_counts) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end() || !found->second.slots.contains(row.slot)) return false;
        slot& counted = found->second.slots[row.slot];
        counted.available_tables += row.delta;
        counted.version = row.version;
        if (counted.available_tables < 0) return false;
    }
    return true;
}

bool model_database::put_reservations(const batch& what, changed_restaurants& changed) {
    for (const reservation& row : what.reservations) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end()) return false;
        auto& known = found->second.reservations;
        const auto older = known.find(row.id);
        if (older != known.end() && older->second.version >= row.version) return false;
        known[row.id] = row;
    }
    return true;
}

bool model_database::put_guests(const batch& what, changed_restaurants& changed) {
    for (const guest_row& row : what.guests) {
        const auto found = changed.find(row.restaurant);
        if (found == changed.end()) return false;
        auto& guests = found->second.guests;
        const auto older = guests.find(row.what.id);
        if (older != guests.end() && older->second.version >= row.what.version) return false;
        if (row.is_deleted) {
            guests.erase(row.what.id);
            continue;
        }
        const bool is_of_reservation = row.what.source == guest_source::reservation;
        if (is_of_reservation != row.what.reservation.has_value())
            violations_.push_back("a guest without the reservation that it came from");
        for (const auto& [id, other] : guests) {
            if (is_of_reservation && id != row.what.id && other.reservation == row.what.reservation)
                return false;
        }
        guests[row.what.id] = row.what;
    }
    return true;
}

bool model_database::tables_are_taken_once(const batch& what, const changed_restaurants& changed) {
    if (what.reservations.empty() && what.guests.empty()) return true;
    struct taken {
        table_id table;
        instant from, until;
    };
    for (const auto& [id, of] : changed) {
        std::vector<taken> all;
        const auto add = [&all](const auto& each) {
            if (!each.takes_capacity()) return;
            for (const table_id& at : each.tables) all.push_back({at, each.blocks_from, each.blocks_until});
        };
        for (const auto& [key, each] : of.reservations) add(each);
        for (const auto& [key, each] : of.guests) add(each);
        std::sort(all.begin(), all.end(), [](const taken& a, const taken& b) {
            return std::tie(a.table, a.from) < std::tie(b.table, b.from);
        });
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i].from >= all[i].until) return false;
            if (i > 0 && all[i - 1].table == all[i].table && all[i].from < all[i - 1].until) return false;
        }
    }
    return true;
}

// No constraint of one table: the whole chain has to stand once the batch is in.
bool model_database::tables_have_their_guests(const batch& what, const changed_restaurants& changed) {
    if (what.tables.empty() && what.guests.empty()) return true;
    for (const auto& [id, of] : changed) {
        for (const table& each : of.what.tables) {
            const bool is_occupied = each.status == table_status::occupied;
            if (is_occupied != each.current_guest_id.has_value()) return false;
            if (!is_occupied) continue;
            const auto seated = of.guests.find(*each.current_guest_id);
            if (seated == of.guests.end() || !is_seated_at(seated->second, each.id))
                violations_.push_back("table " + each.label + " is occupied by nobody who sits there");
        }
        for (const auto& [guest_id, g] : of.guests) {
            for (const table& each : of.what.tables) {
                if (is_seated_at(g, each.id) && each.current_guest_id != guest_id)
                    violations_.push_back("a guest sits at table " + each.label + ", which isn't its own");
            }
            if (g.status != guest_status::seated || !g.reservation) continue;
            const auto r = of.reservations.find(*g.reservation);
            if (r == of.reservations.end() || r->second.status != reservation_status::seated ||
                r->second.guest != guest_id)
                violations_.push_back("a guest sits whose reservation doesn't");
        }
    }
    return true;
}

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
