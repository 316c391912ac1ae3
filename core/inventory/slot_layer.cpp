#include "core/inventory/slot_layer.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/assert.hpp"

namespace qtable {

namespace {

using place = std::tuple<int, int>;  // minute, party size

place place_of(const published_slot* slot) noexcept {
    return {slot->value.minute, slot->value.party_size};
}

// The first of a day's slots at or after (minute, party size).
template <class Slots>
auto first_from(Slots& slots, int minute, int party_size) noexcept {
    return std::lower_bound(
        slots.begin(), slots.end(), place{minute, party_size},
        [](const published_slot* slot, const place& key) { return place_of(slot) < key; });
}

}  // namespace

void slot_layer::upsert(const slot& value) {
    int kept_back = 0;
    if (published_slot* const known = find(value.id)) {
        const slot& old = known->value;
        if (old.date == value.date && old.minute == value.minute && old.party_size == value.party_size) {
            known->value = value;
            return;
        }
        kept_back = known->kept_back;
        remove(value.id);
    }
    if (const published_slot* const same_place = find(value.date, value.minute, value.party_size)) {
        remove(slot_id(same_place->value.id));
    }
    auto& entry = by_id_[value.id];
    entry = std::make_unique<published_slot>();
    entry->value = value;
    entry->kept_back = kept_back;
    day_slots& slots = by_day_[value.date.days];
    slots.insert(first_from(slots, value.minute, value.party_size), entry.get());
}

bool slot_layer::remove(const slot_id& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return false;
    const slot& value = found->second->value;
    const auto day = by_day_.find(value.date.days);
    QTABLE_ASSERT(day != by_day_.end());
    day_slots& slots = day->second;
    slots.erase(std::find(slots.begin(), slots.end(), found->second.get()));
    if (slots.empty()) by_day_.erase(day);
    by_id_.erase(found);
    return true;
}

const published_slot* slot_layer::find(const slot_id& id) const noexcept {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second.get();
}

published_slot* slot_layer::find(const slot_id& id) noexcept {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second.get();
}

const published_slot* slot_layer::smallest_fit(date day, int minute, int party_size) const noexcept {
    const auto found = by_day_.find(day.days);
    if (found == by_day_.end()) return nullptr;
    const auto at = first_from(found->second, minute, party_size);
    return at != found->second.end() && (*at)->value.minute == minute ? *at : nullptr;
}

const published_slot* slot_layer::find(date day, int minute, int party_size) const noexcept {
    const published_slot* const fit = smallest_fit(day, minute, party_size);
    return fit != nullptr && fit->value.party_size == party_size ? fit : nullptr;
}

std::span<const published_slot* const> slot_layer::on(date day) const noexcept {
    const auto found = by_day_.find(day.days);
    if (found == by_day_.end()) return {};
    return found->second;
}

std::vector<date> slot_layer::days() const {
    std::vector<date> all;
    for (const auto& [day, slots] : by_day_) all.push_back(date{day});
    std::sort(all.begin(), all.end());
    return all;
}

void slot_layer::forget_before(date day) {
    for (const date over : days()) {
        if (over >= day) break;
        const auto found = by_day_.find(over.days);
        for (const published_slot* slot : found->second) by_id_.erase(slot_id(slot->value.id));
        by_day_.erase(found);
    }
}

std::size_t slot_layer::bytes() const noexcept {
    std::size_t total = by_id_.bucket_count() * (sizeof(slot_id) + sizeof(void*) + 1) +
                        by_day_.bucket_count() * (sizeof(std::int32_t) + sizeof(day_slots) + 1);
    total += by_id_.size() * sizeof(published_slot);
    for (const auto& [day, slots] : by_day_) total += slots.capacity() * sizeof(void*);
    return total;
}

}  // namespace qtable
