// All restaurants by id, as one core finds them. Each core has its own, kept up by messages from the owners,
// so looking one up takes no lock. Owner: its core. The states that it points to live as long as the process
// serves.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>

#include "core/base/ids.hpp"
#include "core/inventory/live_restaurant.hpp"

namespace qtable::net {

class directory {
  public:
    void put(live_restaurant& what) { by_id_.insert_or_assign(what.id, &what); }
    // nullptr: unknown, or it doesn't exist any more.
    live_restaurant* find(const restaurant_id& id) const noexcept {
        const auto found = by_id_.find(id);
        if (found == by_id_.end() || found->second->view.load(std::memory_order_acquire) == nullptr)
            return nullptr;
        return found->second;
    }
    std::size_t size() const noexcept { return by_id_.size(); }

  private:
    boost::unordered_flat_map<restaurant_id, live_restaurant*, id_hash> by_id_;
};

}  // namespace qtable::net
