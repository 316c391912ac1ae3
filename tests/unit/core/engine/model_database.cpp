#include "tests/unit/core/engine/model_database.hpp"

#include <algorithm>

namespace qtable::test {

namespace {

void sort_tables(std::vector<table>& tables) {
    std::sort(tables.begin(), tables.end(), [](const table& a, const table& b) {
        return std::tie(a.label, a.id) < std::tie(b.label, b.id);
    });
}

bool share_a_table(const reservation& a, const reservation& b) {
    return std::any_of(a.tables.begin(), a.tables.end(), [&b](const table_id& id) {
        return std::find(b.tables.begin(), b.tables.end(), id) != b.tables.end();
    });
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
    if (!put_configuration(what, changed, answer.conflict)) return answer;
    if (!put_events(what, changed) || !put_slots(what, changed) || !put_reservations(what, changed))
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

bool model_database::put_configuration(const batch& what, changed_restaurants& changed, conflict_kind& kind) {
    for (const restaurant_row& row : what.restaurants) {
        if (row.is_new == changed.contains(row.what->id)) return false;
        restaurant_tables& of = changed[row.what->id];
        restaurant next = *row.what;
        next.tables = of.what.tables;  // rows of their own
        next.combinations = of.what.combinations;
        if (row.is_new) {
            of.log_epoch = row.log_epoch;
        } else {
            next.staff = of.what.staff;
        }
        of.what = std::move(next);
    }
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
        sort_tables(tables);
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
        found->second.reservations[row.id] = row;
    }
    for (const reservation& row : what.reservations) {
        if (!row.takes_capacity()) continue;
        for (const auto& [id, other] : changed.at(row.restaurant).reservations) {
            const bool overlaps =
                row.blocks_from < other.blocks_until && other.blocks_from < row.blocks_until;
            if (id != row.id && other.takes_capacity() && overlaps && share_a_table(row, other)) return false;
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
    if (found == restaurants_.end()) return made;
    const restaurant_tables& of = found->second;
    const auto where = zones_.find(of.what.profile.timezone);
    if (where == zones_.end()) return made;
    made.exists = true;
    made.what = of.what;
    made.local_zone = where->second;
    for (const auto& [slot_id, value] : of.slots) made.slots.push_back(value);
    for (const auto& [reservation_id, value] : of.reservations) made.reservations.push_back(value);
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
