// The slots that staff published for one restaurant, by id and by (day, wall minute, party size).
// Owner core only. A slot's `available_tables` is what the database will hold once everything decided is
// committed. Some of that is not offered: units given back by decisions that are not committed yet, and units
// under a hold.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/model/slot.hpp"

namespace qtable {

struct published_slot {
    slot value;
    int kept_back = 0;

    // Below zero when staff set fewer than are kept back.
    int offered() const noexcept { return value.available_tables - kept_back; }
};

class slot_layer {
  public:
    // Replaces the slot with that id, and another one with the same (date, minute, party size).
    void upsert(const slot& value);
    bool remove(const slot_id& id);
    const published_slot* find(const slot_id& id) const noexcept;
    published_slot* find(const slot_id& id) noexcept;
    const published_slot* find(date day, int minute, int party_size) const noexcept;
    // The smallest published size that fits; `minute` of the wall clock, 0–1439.
    const published_slot* smallest_fit(date day, int minute, int party_size) const noexcept;
    // Sorted by minute, then party size. Empty for a day without slots.
    std::span<const published_slot* const> on(date day) const noexcept;
    std::vector<date> days() const;
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (const auto& [id, slot] : by_id_) visit(*slot);
    }
    void forget_before(date day);
    std::size_t size() const noexcept { return by_id_.size(); }
    std::size_t bytes() const noexcept;

  private:
    using day_slots = std::vector<const published_slot*>;

    boost::unordered_flat_map<slot_id, std::unique_ptr<published_slot>, id_hash> by_id_;
    boost::unordered_flat_map<std::int32_t, day_slots> by_day_;
};

}  // namespace qtable
