// The inventory's invariants, computed the slow way from its claims.
#include <algorithm>
#include <map>
#include <tuple>

#include "core/inventory/inventory.hpp"
#include "core/inventory/inventory_claims.hpp"

namespace qtable {

namespace {

// One table taken by one booking, rounded outwards to the grid.
struct taken {
    table_id table;
    std::int64_t from = 0;
    std::int64_t until = 0;
    uuid key;
};

std::int64_t round_down(std::int64_t ms) noexcept {
    return ms - ((ms % occupancy::cell_ms) + occupancy::cell_ms) % occupancy::cell_ms;
}

std::optional<std::string> find_overlap(std::vector<taken>& all) {
    std::sort(all.begin(), all.end(), [](const taken& a, const taken& b) {
        return std::tie(a.table, a.from, a.until, a.key) < std::tie(b.table, b.from, b.until, b.key);
    });
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = i + 1;
             j < all.size() && all[j].table == all[i].table && all[j].from < all[i].until; ++j) {
            if (all[j].key == all[i].key) continue;
            return "table " + to_string(all[i].table) + " is taken twice at " +
                   rfc3339_utc_ms({all[j].from}) + ": by " + to_string(all[i].key) + " and " +
                   to_string(all[j].key);
        }
    }
    return std::nullopt;
}

}  // namespace

// What was restored one by one is the sum of what was restored; what the database can have wrong is a table
// that is taken twice, and a count below zero. Whatever looks like it is looked at in full.
std::optional<std::string> inventory::check_restored() const {
    bool is_sound = !is_doubtful_;
    slots_.for_each(
        [&](const published_slot& slot) { is_sound = is_sound && slot.value.available_tables >= 0; });
    return is_sound ? std::nullopt : check_invariants();
}

std::optional<std::string> inventory::check_invariants() const {
    occupancy occupied(view_->floor->table_count());
    pacing_counts paced;
    std::vector<taken> all;
    std::map<slot_id, int> kept_back;
    std::size_t reservations = 0, by_date = 0, by_customer = 0;
    for (const auto& [key, of] : bookings_) {
        if (!of->active && !of->held && of->pending.empty()) return "an empty booking " + to_string(key);
        if (of->active && of->active->id != key) return "a reservation under another's id " + to_string(key);
        reservations += of->active ? 1U : 0U;
        for_each_claim(*of, [&, booking_key = key](const capacity_claim& claim) {
            paced.add(claim.starts_at, claim.party_size);
            for (const table_id& id : claim.tables) {
                all.push_back({id, round_down(claim.blocks_from.ms),
                               round_down(claim.blocks_until.ms + occupancy::cell_ms - 1), booking_key});
                const auto table = view_->floor->index_of(id);
                if (table) occupied.cover(*table, claim.blocks_from, claim.blocks_until);
            }
        });
        if (of->held && of->held->slot) kept_back[*of->held->slot] += 1;
        for (const pending_release& p : of->pending) {
            if (p.claim.slot) kept_back[*p.claim.slot] += 1;
        }
    }
    if (auto overlap = find_overlap(all)) return overlap;
    if (!(occupied == occupancy_)) return "occupancy is not the sum of the claims";
    if (!(paced == pacing_)) return "pacing is not the sum of the claims";
    for (const auto& [day, ids] : by_date_) by_date += ids.size();
    for (const auto& [customer, ids] : by_customer_) by_customer += ids.size();
    if (reservations != reservation_count_ || by_date != reservations || by_customer != reservations) {
        return "indexes don't hold every reservation once";
    }
    std::optional<std::string> wrong;
    slots_.for_each([&](const published_slot& slot) {
        if (slot.value.available_tables < 0) wrong = "slot " + to_string(slot.value.id) + " is below zero";
        const auto expected = kept_back.find(slot.value.id);
        const int count = expected == kept_back.end() ? 0 : expected->second;
        if (slot.kept_back != count)
            wrong = "slot " + to_string(slot.value.id) + " keeps back a wrong number";
    });
    return wrong;
}

}  // namespace qtable
