// How capacity is taken and given back: reservations, holds and walk-ins.
#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "core/inventory/inventory.hpp"
#include "core/inventory/inventory_claims.hpp"

namespace qtable {

// ---- what a claim takes

// The booking under that key, made if need be, with nothing present in it.
inventory::booking& inventory::new_holder(const uuid& key) {
    auto& of = bookings_[key];
    if (!of) of = std::make_unique<booking>();
    QTABLE_ASSERT(!of->active && !of->held);
    return *of;
}

void inventory::occupy(const booking& of, const capacity_claim& claim, bool trusted) {
    for (const table_id& id : claim.tables) {
        const auto table = view_->floor->index_of(id);
        QTABLE_ASSERT(table || trusted);
        // What moves may meet its own old place, which it keeps until the commit.
        QTABLE_ASSERT(trusted || is_free(*table, claim.blocks_from, claim.blocks_until, &of));
        const bool was_free = table && occupancy_.cover(*table, claim.blocks_from, claim.blocks_until);
        if (trusted && !was_free) is_doubtful_ = true;
    }
}

// `claim` is in `of` no longer; what the others of `of` share with it stays taken.
void inventory::vacate(const booking& of, const capacity_claim& claim) {
    for (const table_id& id : claim.tables) {
        const auto table = view_->floor->index_of(id);
        if (!table) continue;
        occupancy_.release(*table, claim.blocks_from, claim.blocks_until);
        for_each_claim(of, [&](const capacity_claim& other) {
            if (std::find(other.tables.begin(), other.tables.end(), id) == other.tables.end()) return;
            occupancy_.cover(*table, other.blocks_from, other.blocks_until);
        });
    }
    pacing_.remove(claim.starts_at, claim.party_size);
    mark(claim);
}

// Units of the claim's slot that are stored as left, but not offered.
void inventory::keep_back(const capacity_claim& claim, int units) {
    published_slot* const slot = claim.slot ? slots_.find(*claim.slot) : nullptr;
    if (slot == nullptr) return;
    slot->kept_back += units;
    mark(slot->value, false);
}

void inventory::count_down(const reservation& r) {
    published_slot* const slot = r.slot ? slots_.find(*r.slot) : nullptr;
    if (slot == nullptr) return;
    slot->value.available_tables -= 1;
    slot->value.version += 1;
    QTABLE_ASSERT(slot->value.available_tables >= 0);
    mark(slot->value, false);
}

// What is present gives way; its capacity waits for the commit. A reservation gives its unit back to the
// slot's stored number, and it is kept back until then; a claim's unit is kept back all along.
release_ticket inventory::set_aside(const uuid& key, booking& of) {
    QTABLE_ASSERT(of.active.has_value() != of.held.has_value());
    if (of.held) {
        of.pending.push_back({next_ticket_++, *std::exchange(of.held, std::nullopt)});
        return {key, of.pending.back().number};
    }
    unindex(*of.active);
    of.pending.push_back({next_ticket_++, claim_of(*of.active)});
    if (published_slot* const slot = of.active->slot ? slots_.find(*of.active->slot) : nullptr) {
        slot->value.available_tables += 1;
        slot->value.version += 1;
        slot->kept_back += 1;
    }
    of.active.reset();
    return {key, of.pending.back().number};
}

// ---- reservations

void inventory::take(const reservation& r) {
    booking& of = new_holder(r.id);
    const capacity_claim claim = claim_of(r);
    occupy(of, claim, false);
    pacing_.add(claim.starts_at, claim.party_size);
    count_down(r);
    mark(claim);
    of.active = r;
    index(r);
}

void inventory::expect(std::size_t reservations) {
    bookings_.reserve(bookings_.size() + reservations);
    by_customer_.reserve(by_customer_.size() + reservations);
}

void inventory::restore(reservation&& r) {
    booking& of = new_holder(r.id);
    const capacity_claim claim = claim_of(r);
    occupy(of, claim, true);
    pacing_.add(claim.starts_at, claim.party_size);
    mark(claim);
    index(of.active.emplace(std::move(r)));
}

void inventory::amend(const reservation& r) {
    booking* const of = find_booking(r.id);
    QTABLE_ASSERT(of != nullptr && of->active);
    const reservation& known = *of->active;
    QTABLE_ASSERT(known.tables == r.tables && known.slot == r.slot && known.party_size == r.party_size &&
                  known.date == r.date && known.starts_at == r.starts_at &&
                  known.blocks_from == r.blocks_from && known.blocks_until == r.blocks_until &&
                  known.customer == r.customer);
    of->active = r;
}

release_ticket inventory::begin_move(const reservation& r) {
    const release_ticket ticket = begin_release(r.id);
    take(r);
    return ticket;
}

release_ticket inventory::begin_release(const reservation_id& id) {
    booking* const of = find_booking(id);
    QTABLE_ASSERT(of != nullptr && of->active);
    return set_aside(id, *of);
}

void inventory::commit_release(const release_ticket& ticket) {
    const auto entry = bookings_.find(ticket.key);
    QTABLE_ASSERT(entry != bookings_.end());
    booking& of = *entry->second;
    const auto found = std::find_if(of.pending.begin(), of.pending.end(),
                                    [&](const pending_release& p) { return p.number == ticket.number; });
    QTABLE_ASSERT(found != of.pending.end());
    const capacity_claim claim = std::move(found->claim);
    of.pending.erase(found);
    keep_back(claim, -1);
    vacate(of, claim);
    if (of.pending.empty() && !of.active && !of.held) bookings_.erase(entry);
}

// ---- holds and walk-ins

void inventory::hold_claim(const uuid& key, const capacity_claim& claim, bool trusted) {
    booking& of = new_holder(key);
    occupy(of, claim, trusted);
    pacing_.add(claim.starts_at, claim.party_size);
    keep_back(claim, 1);
    mark(claim);
    of.held = claim;
}

void inventory::take_claim(const uuid& key, const capacity_claim& claim) {
    hold_claim(key, claim, false);
}

void inventory::restore_claim(const uuid& key, const capacity_claim& claim) {
    hold_claim(key, claim, true);
}

release_ticket inventory::begin_move_claim(const uuid& key, const capacity_claim& claim) {
    const release_ticket ticket = begin_release_claim(key);
    take_claim(key, claim);
    return ticket;
}

release_ticket inventory::begin_release_claim(const uuid& key) {
    booking* const of = find_booking(key);
    QTABLE_ASSERT(of != nullptr && of->held);
    return set_aside(key, *of);
}

void inventory::release_claim(const uuid& key) {
    commit_release(begin_release_claim(key));
}

const capacity_claim* inventory::find_claim(const uuid& key) const noexcept {
    const booking* const of = find_booking(key);
    return of != nullptr && of->held ? &*of->held : nullptr;
}

}  // namespace qtable
