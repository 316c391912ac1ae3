// The questions of the floor: which tables a party can take now, for how long, and who comes next.
#include <algorithm>

#include "core/inventory/inventory.hpp"
#include "core/inventory/inventory_claims.hpp"

namespace qtable {

namespace {

bool contains(std::span<const table_id> tables, const table_id& table) noexcept {
    return std::find(tables.begin(), tables.end(), table) != tables.end();
}

bool comes_before(const reservation& a, const reservation& b) noexcept {
    return a.blocks_from != b.blocks_from ? a.blocks_from < b.blocks_from : a.id < b.id;
}

bool is_expected(const reservation& r, instant from) noexcept {
    return r.status == reservation_status::confirmed && r.blocks_until > from;
}

}  // namespace

bool inventory::tables_free(std::span<const table_id> tables, instant from, instant until,
                            const std::optional<uuid>& ignoring) const noexcept {
    const booking* const own = ignoring ? find_booking(*ignoring) : nullptr;
    return std::all_of(tables.begin(), tables.end(), [&](const table_id& id) {
        const auto table = view_->floor->index_of(id);
        return table && view_->floor->is_sellable(*table) && is_free(*table, from, until, own);
    });
}

bool inventory::fits(std::span<const table_id> tables, int party_size) const noexcept {
    if (tables.empty() || party_size < 1) return false;
    const restaurant& config = *view_->config;
    int together = 0, min_party = 1;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const auto known = std::find_if(config.tables.begin(), config.tables.end(),
                                        [&](const table& t) { return t.id == tables[i]; });
        if (known == config.tables.end() || contains(tables.first(i), tables[i])) return false;
        together += known->capacity;
        if (tables.size() == 1) min_party = known->min_party;
    }
    for (const table_combination& c : config.combinations) {
        const bool is_that = c.table_ids.size() == tables.size() && tables.size() > 1 &&
                             std::all_of(tables.begin(), tables.end(),
                                         [&c](const table_id& id) { return contains(c.table_ids, id); });
        if (!is_that) continue;
        if (c.min_party <= party_size && party_size <= c.capacity) return true;
        together = 0;  // what staff said of those tables counts, not their seats
    }
    return min_party <= party_size && party_size <= together;
}

std::optional<std::vector<table_id>> inventory::choose_tables(int party_size, instant from, instant until,
                                                              std::span<const table_id> allowed,
                                                              const std::optional<uuid>& ignoring) const {
    if (party_size < 1 || party_size > limits::party_size_max) return std::nullopt;
    const booking* const own = ignoring ? find_booking(*ignoring) : nullptr;
    const table_set free = free_tables(from, until, own);
    table_set open;
    for (const table_id& id : allowed) {
        const auto table = view_->floor->index_of(id);
        if (table && free.has(*table)) open.add(*table);
    }
    std::vector<table_id> ids;
    for (const table_index table : view_->floor->choose(open, party_size)) {
        ids.push_back(view_->floor->id_of(table));
    }
    if (ids.empty()) return std::nullopt;
    std::sort(ids.begin(), ids.end());
    return ids;
}

instant inventory::free_until(std::span<const table_id> tables, instant from,
                              const std::optional<uuid>& ignoring) const noexcept {
    const booking* const own = ignoring ? find_booking(*ignoring) : nullptr;
    occupancy ours(view_->floor->table_count());
    if (own != nullptr) {
        for_each_claim(*own, [&](const capacity_claim& claim) {
            for (const table_id& id : claim.tables) {
                const auto table = view_->floor->index_of(id);
                if (table) ours.cover(*table, claim.blocks_from, claim.blocks_until);
            }
        });
    }
    instant first = far_future;
    for (const table_id& id : tables) {
        const auto table = view_->floor->index_of(id);
        if (!table) continue;
        if (const auto taken = occupancy_.next_taken(*table, from, ours)) first = std::min(first, *taken);
    }
    return first;
}

reasons inventory::pacing_reasons(instant starts_at, int party_size, booking_channel channel,
                                  const std::optional<uuid>& ignoring) const noexcept {
    const booking* const own = ignoring ? find_booking(*ignoring) : nullptr;
    const bool is_out = is_paced_out(view_->rules(), pacing_at(starts_at, own), party_size, channel);
    return is_out ? reasons(reason::pacing) : reasons();
}

const reservation* inventory::next_on(const table_id& table, instant from) const noexcept {
    const reservation* next = nullptr;
    for (const auto& [key, of] : bookings_) {
        if (!of->active || !is_expected(*of->active, from) || !contains(of->active->tables, table)) continue;
        if (next == nullptr || comes_before(*of->active, *next)) next = &*of->active;
    }
    return next;
}

boost::container::flat_map<table_id, const reservation*> inventory::next_on_each(instant from,
                                                                                 instant until) const {
    boost::container::flat_map<table_id, const reservation*> next;
    for (const auto& [key, of] : bookings_) {
        if (!of->active || !is_expected(*of->active, from) || of->active->blocks_from >= until) continue;
        for (const table_id& table : of->active->tables) {
            const auto [entry, is_new] = next.try_emplace(table, &*of->active);
            if (!is_new && comes_before(*of->active, *entry->second)) entry->second = &*of->active;
        }
    }
    return next;
}

bool inventory::table_in_use(const table_id& table, instant from) const noexcept {
    bool used = false;
    for (const auto& [key, of] : bookings_) {
        for_each_claim(*of, [&](const capacity_claim& claim) {
            used = used || (claim.blocks_until > from && contains(claim.tables, table));
        });
    }
    return used;
}

}  // namespace qtable
