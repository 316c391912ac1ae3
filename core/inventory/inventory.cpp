#include "core/inventory/inventory.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "core/inventory/inventory_claims.hpp"

namespace qtable {

inventory::inventory(std::shared_ptr<const restaurant_view> view)
    : view_(std::move(view)), occupancy_(view_->floor->table_count()) {}

inventory::~inventory() = default;
inventory::inventory(inventory&&) noexcept = default;
inventory& inventory::operator=(inventory&&) noexcept = default;

void inventory::reconfigure(std::shared_ptr<const restaurant_view> view) {
    const auto before = std::exchange(view_, std::move(view));
    if (before->floor != view_->floor) {
        occupancy_ = occupancy(view_->floor->table_count());
        for (const auto& [key, of] : bookings_) {
            for_each_claim(*of, [&](const capacity_claim& claim) { occupy(*of, claim, true); });
        }
    }
    if (before->floor != view_->floor || before->opening != view_->opening ||
        before->rules() != view_->rules()) {
        mark_all();
    }
    index_changed_ = true;
}

inventory::booking* inventory::find_booking(const uuid& key) noexcept {
    const auto found = bookings_.find(key);
    return found == bookings_.end() ? nullptr : found->second.get();
}

const inventory::booking* inventory::find_booking(const uuid& key) const noexcept {
    const auto found = bookings_.find(key);
    return found == bookings_.end() ? nullptr : found->second.get();
}

// ---- what a claim takes

void inventory::occupy(const booking& of, const capacity_claim& claim, bool trusted) {
    for (const table_id& id : claim.tables) {
        const auto table = view_->floor->index_of(id);
        QTABLE_ASSERT(table || trusted);
        if (!table) continue;
        // A reservation that moves may meet its own old place, which it keeps until the commit.
        QTABLE_ASSERT(trusted || is_free(*table, claim.blocks_from, claim.blocks_until, &of));
        occupancy_.cover(*table, claim.blocks_from, claim.blocks_until);
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

void inventory::count_down(const reservation& r) {
    published_slot* const slot = r.slot ? slots_.find(*r.slot) : nullptr;
    if (slot == nullptr) return;
    slot->value.available_tables -= 1;
    slot->value.version += 1;
    QTABLE_ASSERT(slot->value.available_tables >= 0);
    mark(slot->value, false);
}

// The active reservation gives way; its capacity waits for the commit.
release_ticket inventory::set_aside(const uuid& key, booking& of) {
    QTABLE_ASSERT(of.active.has_value());
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
    auto& of = bookings_[r.id];
    if (!of) of = std::make_unique<booking>();
    QTABLE_ASSERT(!of->active && !of->held);
    const capacity_claim claim = claim_of(r);
    occupy(*of, claim, false);
    pacing_.add(claim.starts_at, claim.party_size);
    count_down(r);
    mark(claim);
    of->active = r;
    index(r);
}

void inventory::restore(const reservation& r) {
    auto& of = bookings_[r.id];
    if (!of) of = std::make_unique<booking>();
    QTABLE_ASSERT(!of->active && !of->held);
    const capacity_claim claim = claim_of(r);
    occupy(*of, claim, true);
    pacing_.add(claim.starts_at, claim.party_size);
    mark(claim);
    of->active = r;
    index(r);
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
    booking* const of = find_booking(r.id);
    QTABLE_ASSERT(of != nullptr);
    const release_ticket ticket = set_aside(r.id, *of);
    take(r);
    return ticket;
}

release_ticket inventory::begin_release(const reservation_id& id) {
    booking* const of = find_booking(id);
    QTABLE_ASSERT(of != nullptr);
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
    if (published_slot* const slot = claim.slot ? slots_.find(*claim.slot) : nullptr) {
        slot->kept_back -= 1;
        mark(slot->value, false);
    }
    vacate(of, claim);
    if (of.pending.empty() && !of.active) bookings_.erase(entry);
}

// ---- holds and walk-ins

void inventory::take_claim(const uuid& key, const capacity_claim& claim) {
    auto& of = bookings_[key];
    QTABLE_ASSERT(!of);
    of = std::make_unique<booking>();
    occupy(*of, claim, false);
    pacing_.add(claim.starts_at, claim.party_size);
    if (published_slot* const slot = claim.slot ? slots_.find(*claim.slot) : nullptr) {
        slot->kept_back += 1;
        mark(slot->value, false);
    }
    mark(claim);
    of->held = claim;
}

void inventory::release_claim(const uuid& key) {
    const auto entry = bookings_.find(key);
    QTABLE_ASSERT(entry != bookings_.end() && entry->second->held);
    const capacity_claim claim = *entry->second->held;
    entry->second->held.reset();
    if (published_slot* const slot = claim.slot ? slots_.find(*claim.slot) : nullptr) {
        slot->kept_back -= 1;
        mark(slot->value, false);
    }
    vacate(*entry->second, claim);
    bookings_.erase(entry);
}

const capacity_claim* inventory::find_claim(const uuid& key) const noexcept {
    const booking* const of = find_booking(key);
    return of != nullptr && of->held ? &*of->held : nullptr;
}

// ---- indexes

void inventory::index(const reservation& r) {
    by_customer_[r.customer].push_back(r.id);
    by_date_[r.date.days].push_back(r.id);
    reservation_count_ += 1;
}

void inventory::unindex(const reservation& r) {
    const auto drop = [&r](auto& map, const auto& key) {
        const auto entry = map.find(key);
        QTABLE_ASSERT(entry != map.end());
        auto& ids = entry->second;
        const auto at = std::find(ids.begin(), ids.end(), r.id);
        QTABLE_ASSERT(at != ids.end());
        ids.erase(at);
        if (ids.empty()) map.erase(entry);
    };
    drop(by_customer_, r.customer);
    drop(by_date_, r.date.days);
    reservation_count_ -= 1;
}

const reservation* inventory::find(const reservation_id& id) const noexcept {
    const booking* const of = find_booking(id);
    return of != nullptr && of->active ? &*of->active : nullptr;
}

const reservation* inventory::find_overlapping(const customer_id& customer, instant from, instant until,
                                               const std::optional<reservation_id>& ignoring) const noexcept {
    const auto ids = by_customer_.find(customer);
    if (ids == by_customer_.end()) return nullptr;
    for (const reservation_id& id : ids->second) {
        if (ignoring && id == *ignoring) continue;
        const reservation* const r = find(id);
        if (r->starts_at < until && from < r->ends_at) return r;
    }
    return nullptr;
}

std::vector<const reservation*> inventory::reservations_on(date day) const {
    std::vector<const reservation*> all;
    const auto ids = by_date_.find(day.days);
    if (ids == by_date_.end()) return all;
    for (const reservation_id& id : ids->second) all.push_back(find(id));
    std::sort(all.begin(), all.end(), [](const reservation* a, const reservation* b) {
        return a->starts_at != b->starts_at ? a->starts_at < b->starts_at : a->id < b->id;
    });
    return all;
}

// ---- published slots

void inventory::upsert_slot(const slot& value) {
    const published_slot* const known = slots_.find(value.id);
    const bool stays = known != nullptr && known->value.date == value.date &&
                       known->value.minute == value.minute && known->value.party_size == value.party_size;
    if (known != nullptr && !stays) mark(known->value, true);
    slots_.upsert(value);
    mark(value, !stays);
}

bool inventory::remove_slot(const slot_id& id) {
    const published_slot* const known = slots_.find(id);
    if (known == nullptr) return false;
    mark(known->value, true);
    return slots_.remove(id);
}

const slot* inventory::find_slot(const slot_id& id) const noexcept {
    const published_slot* const known = slots_.find(id);
    return known == nullptr ? nullptr : &known->value;
}

const slot* inventory::find_slot(date day, int minute, int party_size) const noexcept {
    const published_slot* const known = slots_.find(day, minute, party_size);
    return known == nullptr ? nullptr : &known->value;
}

std::vector<slot> inventory::slots_on(date day) const {
    std::vector<slot> all;
    for (const published_slot* known : slots_.on(day)) all.push_back(known->value);
    return all;
}

}  // namespace qtable
