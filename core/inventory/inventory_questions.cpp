// The questions that the inventory answers from what is taken now.
#include <algorithm>
#include <cstdlib>

#include "core/inventory/inventory.hpp"
#include "core/inventory/inventory_claims.hpp"

namespace qtable {

namespace {

bool contains(const std::vector<table_id>& tables, const table_id& table) noexcept {
    return std::find(tables.begin(), tables.end(), table) != tables.end();
}

}  // namespace

bool inventory::is_free(table_index table, instant from, instant until, const booking* own) const noexcept {
    if (occupancy_.is_free(table, from, until)) return true;
    if (own == nullptr) return false;
    // Rare (moves): cell by cell, a cell that is taken has to be one of our own.
    occupancy ours(view_->floor->table_count());
    for_each_claim(*own, [&](const capacity_claim& claim) {
        if (!contains(claim.tables, view_->floor->id_of(table))) return;
        ours.cover(table, claim.blocks_from, claim.blocks_until);
    });
    constexpr std::int64_t cell_ms = occupancy::cell_ms;
    instant cell{from.ms - ((from.ms % cell_ms) + cell_ms) % cell_ms};
    for (; cell < until; cell = cell.plus_ms(cell_ms)) {
        const instant end = cell.plus_ms(cell_ms);
        if (!occupancy_.is_free(table, cell, end) && ours.is_free(table, cell, end)) return false;
    }
    return true;
}

table_set inventory::free_tables(instant from, instant until, const booking* own) const noexcept {
    table_set free = occupancy_.free_tables(from, until);
    if (own == nullptr) return free;
    for_each_claim(*own, [&](const capacity_claim& claim) {
        for (const table_id& id : claim.tables) {
            const auto table = view_->floor->index_of(id);
            if (table && is_free(*table, from, until, own)) free.add(*table);
        }
    });
    return free;
}

pacing_load inventory::pacing_at(instant starts_at, const booking* own) const noexcept {
    const booking_rules& rules = view_->rules();
    if (!has_pacing(rules)) return {};
    pacing_load load = pacing_.within(starts_at, rules.slot_interval_min);
    if (own == nullptr) return load;
    const std::int64_t interval_ms = rules.slot_interval_min * ms_per_minute;
    for_each_claim(*own, [&](const capacity_claim& claim) {
        if (std::abs(claim.starts_at.ms - starts_at.ms) >= interval_ms) return;
        load.parties -= 1;
        load.covers -= claim.party_size;
    });
    return load;
}

std::optional<slot_offer> inventory::offer_at(date day, int minute, int party_size,
                                              const booking* own) const noexcept {
    const published_slot* const fit = slots_.smallest_fit(day, minute % minutes_per_day, party_size);
    if (fit == nullptr) return std::nullopt;
    slot_offer offer{fit->value.id, fit->offered(), fit->value.is_available};
    if (own == nullptr) return offer;
    for_each_claim(*own, [&](const capacity_claim& claim) { offer.left += claim.slot == offer.id ? 1 : 0; });
    return offer;
}

result<day_start> inventory::start_at(date day, int minute) const noexcept {
    return view_->opening->find(day, minute);
}

verdict inventory::check(const ask& wanted) const noexcept {
    const booking_rules& rules = view_->rules();
    verdict answer;
    answer.starts_at = wanted.start.starts_at;
    answer.ends_at = answer.starts_at.plus_minutes(rules.turn_time_min(wanted.party_size));
    answer.blocks_from = answer.starts_at.plus_minutes(-rules.buffer_before_min);
    answer.blocks_until = answer.ends_at.plus_minutes(rules.buffer_after_min);

    const date today = view_->zone->local_at(wanted.now).date;
    reasons why = party_reasons(*view_, wanted.party_size);
    why.add(clock_reasons(*view_, today, wanted.date, answer.starts_at, wanted.now, wanted.channel));

    // Online a party that is too large for rules or floor is refused by its size alone, as it is published.
    // Staff may set the rules aside, or name tables: they are told all.
    const int judged_sizes =
        wanted.channel == booking_channel::house ? limits::party_size_max : judged_party_sizes(*view_);
    const bool judged = wanted.party_size >= 1 && wanted.party_size <= judged_sizes;
    table_set free;
    capacity found;
    if (judged) {
        const booking* const own = wanted.ignoring ? find_booking(*wanted.ignoring) : nullptr;
        free = free_tables(answer.blocks_from, answer.blocks_until, own);
        const auto slot = offer_at(wanted.date, wanted.start.minute, wanted.party_size, own);
        const pacing_load load = pacing_at(answer.starts_at, own);
        found = judge_capacity(*view_, wanted.start.room_min, wanted.party_size, free, load, slot,
                               wanted.channel);
        why.add(found.why);
        if (slot && slot->left > 0) answer.slot = slot->id;
    }
    const auto overridden =
        static_cast<std::uint16_t>(wanted.overrides.bits() & ~reasons(reason::no_table).bits());
    answer.reasons = reasons(static_cast<std::uint16_t>(why.bits() & ~overridden));
    if (!judged && answer.reasons.none()) answer.reasons = reason::no_table;  // such parties get no table
    if (!answer.reasons.none()) return answer;
    answer.available_tables = std::max(found.tables, 1);
    if (view_->has_tables()) answer.tables = view_->floor->choose(free, wanted.party_size);
    return answer;
}

std::vector<table_id> inventory::tables_of(const verdict& answer) const {
    std::vector<table_id> ids;
    for (const table_index table : answer.tables) ids.push_back(view_->floor->id_of(table));
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<inventory::alternative> inventory::alternatives(const ask& wanted, std::size_t max_count) const {
    std::vector<day_start> nearest = starts_on(wanted.date);
    const auto distance = [&wanted](const day_start& s) { return std::abs(s.minute - wanted.start.minute); };
    std::stable_sort(nearest.begin(), nearest.end(),
                     [&](const day_start& a, const day_start& b) { return distance(a) < distance(b); });
    std::vector<alternative> found;
    for (const day_start& start : nearest) {
        if (found.size() == max_count) break;
        ask other = wanted;
        other.start = start;
        const verdict answer = check(other);
        if (!answer.is_available()) continue;
        found.push_back({start.minute, answer.starts_at, answer.ends_at, answer.available_tables});
    }
    return found;
}

}  // namespace qtable
