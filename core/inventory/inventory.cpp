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
        for (const auto& each : bookings_) {
            booking& of = *each.second;
            for_each_claim(of, [&](const capacity_claim& claim) { occupy(of, claim, true); });
        }
    }
    if (before->floor != view_->floor || before->opening != view_->opening ||
        before->rules() != view_->rules()) {
        mark_all();
    }
    index_changed_ = true;
    week_changed_ = true;
}

inventory::booking* inventory::find_booking(const uuid& key) noexcept {
    const auto found = bookings_.find(key);
    return found == bookings_.end() ? nullptr : found->second.get();
}

const inventory::booking* inventory::find_booking(const uuid& key) const noexcept {
    const auto found = bookings_.find(key);
    return found == bookings_.end() ? nullptr : found->second.get();
}

// ---- reservations by customer and date

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
    week_changed_ = week_changed_ || !stays;
}

bool inventory::remove_slot(const slot_id& id) {
    const published_slot* const known = slots_.find(id);
    if (known == nullptr) return false;
    mark(known->value, true);
    week_changed_ = true;
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
