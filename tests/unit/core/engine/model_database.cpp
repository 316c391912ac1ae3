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

template <class Value>
void model_database::remember(Value& place) {
    undo_.push_back([&place, before = place] { place = before; });
}

template <class Map, class Key>
void model_database::remember(Map& rows, const Key& key) {
    const auto known = rows.find(key);
    if (known != rows.end()) {
        undo_.push_back([&rows, key, before = known->second] { rows.insert_or_assign(key, before); });
    } else {
        undo_.push_back([&rows, key] { rows.erase(key); });
    }
}

model_database::restaurant_tables* model_database::changed(const restaurant_id& id) {
    const auto found = restaurants_.find(id);
    return found != restaurants_.end() && logged_.contains(id) ? &found->second : nullptr;
}

batch_result model_database::apply(const batch& what) {
    batch_result answer{what.id, batch_outcome::conflict, conflict_kind::other};
    undo_.clear();
    logged_.clear();
    refused_ = std::nullopt;
    for (const logged_event& row : what.events) logged_.insert(row.restaurant);
    if (put_all(what, answer.conflict)) {
        check_caps(what);
        answer.outcome = batch_outcome::committed;
    } else {
        for (auto each = undo_.rbegin(); each != undo_.rend(); ++each) (*each)();
        answer.refused = refused_;
    }
    undo_.clear();
    return answer;
}

bool model_database::refuse(const restaurant_id& id) {
    refused_ = id;
    return false;
}

bool model_database::put_all(const batch& what, conflict_kind& kind) {
    for (const receipt_row& row : what.receipts) {
        const receipt_key key{row.request.actor, row.request.route, row.request.key};
        remember(receipts_, key);
        if (receipts_.emplace(key, row).second) continue;
        kind = conflict_kind::receipt_exists;
        return false;
    }
    return put_configuration(what) && put_tables(what, kind) && put_settings(what) &&
           put_reviews(what, kind) && put_events(what, kind) && put_slots(what) && put_reservations(what) &&
           put_guests(what) && tables_are_taken_once(what) && tables_have_their_guests(what);
}

bool model_database::put_events(const batch& what, conflict_kind& kind) {
    for (const logged_event& row : what.events) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr) {
            violations_.push_back("an event of no restaurant");
            return false;
        }
        restaurant_tables& of = *found;
        const auto last = static_cast<std::int64_t>(of.events.size());
        if (row.seq <= last) {
            kind = conflict_kind::seq_taken;
            return refuse(row.restaurant);
        }
        if (row.public_seq != 0 && row.public_seq <= of.last_public_seq) return false;
        if (row.seq != last + 1 || (row.public_seq != 0 && row.public_seq != of.last_public_seq + 1))
            violations_.push_back("a hole in the log before " + std::to_string(row.seq));
        undo_.push_back([&of, before = of.last_public_seq] {
            of.events.pop_back();
            of.last_public_seq = before;
        });
        of.events.push_back(row);
        of.last_public_seq = std::max(of.last_public_seq, row.public_seq);
    }
    return true;
}

bool model_database::put_configuration(const batch& what) {
    for (const restaurant_row& row : what.restaurants) {
        const restaurant_id& id = row.what->id;
        if (row.is_new == (changed(id) != nullptr) || !logged_.contains(id)) return false;
        if (row.is_new) remember(restaurants_, id);
        restaurant_tables& of = restaurants_[id];
        if (!row.is_new) remember(of.what);
        restaurant next = *row.what;
        next.tables = of.what.tables;  // rows of their own
        next.combinations = of.what.combinations;
        next.special_days = of.what.special_days;
        remember(of.is_deleted);
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

bool model_database::put_tables(const batch& what, conflict_kind& kind) {
    for (const table_row& row : what.tables) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr) return false;
        std::vector<table>& tables = found->what.tables;
        remember(tables);
        const auto count =
            std::erase_if(tables, [&row](const table& each) { return each.id == row.what.id; });
        if (row.is_deleted && count == 0) return false;
        if (row.is_deleted) continue;
        if (std::any_of(tables.begin(), tables.end(),
                        [&](const table& each) { return each.label == row.what.label; })) {
            kind = conflict_kind::label_taken;
            return refuse(row.restaurant);
        }
        tables.push_back(row.what);
        sort_by_label(tables);
    }
    for (const combination_row& row : what.combinations) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr) return false;
        std::vector<table_combination>& all = found->what.combinations;
        remember(all);
        std::erase_if(all, [&row](const table_combination& each) { return each.id == row.what.id; });
        if (row.is_deleted) continue;
        all.push_back(row.what);
        sort_by_label(all);
    }
    return true;
}

bool model_database::put_settings(const batch& what) {
    for (const special_day_row& row : what.special_days) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr) return false;
        std::vector<special_day>& days = found->what.special_days;
        remember(days);
        std::erase_if(days, [&row](const special_day& each) { return each.date == row.what.date; });
        if (!row.is_deleted) days.push_back(row.what);
        std::sort(days.begin(), days.end(),
                  [](const special_day& a, const special_day& b) { return a.date < b.date; });
    }
    for (const staff_row& row : what.staff) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr) return false;
        std::vector<staff_member>& staff = found->what.staff;
        remember(staff);
        std::erase_if(staff, [&row](const staff_member& each) { return each.id == row.what.id; });
        if (!row.is_deleted) staff.push_back(row.what);
        std::sort(staff.begin(), staff.end(),
                  [](const staff_member& a, const staff_member& b) { return a.id < b.id; });
    }
    return true;
}

bool model_database::put_reviews(const batch& what, conflict_kind& kind) {
    for (const review& row : what.reviews) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr) return false;
        remember(found->reviews, row.reservation);
        if (!found->reviews.emplace(row.reservation, row).second) {
            kind = conflict_kind::review_exists;
            return refuse(row.restaurant);
        }
    }
    return true;
}

bool model_database::put_slots(const batch& what) {
    for (const slot_row& row : what.slots) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr || row.what.available_tables < 0) return false;
        for (const auto& [id, known] : found->slots) {
            const bool is_same_start = known.date == row.what.date && known.minute == row.what.minute &&
                                       known.party_size == row.what.party_size;
            if (id != row.what.id && is_same_start) return refuse(row.restaurant);
        }
        remember(found->slots, row.what.id);
        found->slots[row.what.id] = row.what;
    }
    for (const slot_count_row& row : what.slot_counts) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr || !found->slots.contains(row.slot)) return false;
        slot& counted = found->slots[row.slot];
        remember(counted);
        counted.available_tables += row.delta;
        counted.version = row.version;
        if (counted.available_tables < 0) return false;
    }
    return true;
}

bool model_database::put_reservations(const batch& what) {
    for (const reservation& row : what.reservations) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr) return false;
        auto& known = found->reservations;
        const auto older = known.find(row.id);
        if (older != known.end() && older->second.version >= row.version) return false;
        remember(known, row.id);
        known[row.id] = row;
    }
    return true;
}

bool model_database::put_guests(const batch& what) {
    for (const guest_row& row : what.guests) {
        restaurant_tables* const found = changed(row.restaurant);
        if (found == nullptr) return false;
        auto& guests = found->guests;
        const auto older = guests.find(row.what.id);
        if (older != guests.end() && older->second.version >= row.what.version) return false;
        remember(guests, row.what.id);
        if (row.is_deleted) {
            guests.erase(row.what.id);
            continue;
        }
        const bool is_of_reservation = row.what.source == guest_source::reservation;
        if (is_of_reservation != row.what.reservation.has_value())
            violations_.push_back("a guest without the reservation that it came from");
        for (const auto& [id, other] : guests) {
            if (is_of_reservation && id != row.what.id && other.reservation == row.what.reservation)
                return refuse(row.restaurant);
        }
        guests[row.what.id] = row.what;
    }
    return true;
}

bool model_database::tables_are_taken_once(const batch& what) {
    const auto meets = [](const auto& a, const auto& b) {
        if (!b.takes_capacity() || a.blocks_from >= b.blocks_until || b.blocks_from >= a.blocks_until)
            return false;
        return std::find_first_of(a.tables.begin(), a.tables.end(), b.tables.begin(), b.tables.end()) !=
               a.tables.end();
    };
    const auto is_alone = [&](const auto& row, const restaurant_tables& of) {
        if (!row.takes_capacity()) return true;
        if (row.blocks_from >= row.blocks_until) return row.tables.empty();
        const auto is_other = [&](const auto& each) {
            return uuid(each.first) != uuid(row.id) && meets(row, each.second);
        };
        return std::none_of(of.reservations.begin(), of.reservations.end(), is_other) &&
               std::none_of(of.guests.begin(), of.guests.end(), is_other);
    };
    for (const reservation& row : what.reservations) {
        if (!is_alone(row, restaurants_.at(row.restaurant))) return refuse(row.restaurant);
    }
    for (const guest_row& row : what.guests) {
        if (!row.is_deleted && !is_alone(row.what, restaurants_.at(row.restaurant)))
            return refuse(row.restaurant);
    }
    return true;
}

void model_database::check_caps(const batch& what) {
    const auto add_booked = [](const restaurant_tables& of, std::map<slot_id, int>& counts) {
        for (const auto& [id, each] : of.reservations) {
            if (!each.takes_capacity() || !each.slot) continue;
            if (const auto counted = counts.find(*each.slot); counted != counts.end()) ++counted->second;
        }
    };
    if (what.slots.empty() && what.slot_counts.empty()) return;
    for (const restaurant_id& id : logged_) {
        const restaurant_tables& of = restaurants_.at(id);
        std::map<slot_id, int> counts;
        for (const slot_row& row : what.slots) {
            if (row.restaurant == id) counts[row.what.id] = row.what.available_tables;
        }
        const std::size_t set = counts.size();
        for (const slot_count_row& row : what.slot_counts) {
            if (row.restaurant == id) counts[row.slot] = of.slots.at(row.slot).available_tables;
        }
        if (counts.empty()) continue;
        add_booked(of, counts);
        for (const auto& [slot, count] : counts) {
            const bool is_set =
                set > 0 && std::any_of(what.slots.begin(), what.slots.end(),
                                       [&slot = slot](const slot_row& row) { return row.what.id == slot; });
            const auto cap = caps_.find(slot);
            if (!is_set && cap != caps_.end() && cap->second != count)
                violations_.push_back("slot " + to_string(slot) + " has " + std::to_string(count) +
                                      " left and booked, not " + std::to_string(cap->second));
            caps_[slot] = count;
        }
    }
}

// No constraint of one table: the whole chain has to stand once the batch is in.
bool model_database::tables_have_their_guests(const batch& what) {
    if (what.tables.empty() && what.guests.empty()) return true;
    for (const restaurant_id& restaurant : logged_) {
        const restaurant_tables& of = restaurants_.at(restaurant);
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

}  // namespace qtable::test
