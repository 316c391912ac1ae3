// Where a customer's holds are. Holds live in the memories of the restaurants' owners; the customer's home
// core remembers which restaurants to ask, for as long as a hold may live and a little longer, so that a
// second DELETE is answered as the first. What it says is a hint: only the owner knows whether a hold stands.
// One per core, for the customers whose home it is; that core only. Bounds: `places_per_customer`, the oldest
// is dropped; everything is forgotten in order of time.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/time.hpp"

namespace qtable::net {

struct hold_place {
    hold_id hold;
    restaurant_id restaurant;
    instant forgotten_at{};
};

class hold_index {
  public:
    static constexpr std::size_t places_per_customer = 64;
    static constexpr std::int64_t kept_ms = 2 * limits::hold_ms;

    void put(const customer_id& customer, const hold_id& hold, const restaurant_id& restaurant, instant now) {
        forget(now);
        std::vector<hold_place>& places = by_customer_[customer];
        std::erase_if(places, [&hold](const hold_place& each) { return each.hold == hold; });
        if (places.size() == places_per_customer) places.erase(places.begin());
        places.push_back({hold, restaurant, now.plus_ms(kept_ms)});
        due_.emplace_back(now.plus_ms(kept_ms), customer);
    }

    // Oldest first.
    std::vector<hold_place> of(const customer_id& customer, instant now) {
        forget(now);
        const auto found = by_customer_.find(customer);
        return found != by_customer_.end() ? found->second : std::vector<hold_place>{};
    }

    std::size_t size() const noexcept { return by_customer_.size(); }

  private:
    void forget(instant now) {
        for (; !due_.empty() && due_.front().first <= now; due_.pop_front()) {
            const auto found = by_customer_.find(due_.front().second);
            if (found == by_customer_.end()) continue;
            std::erase_if(found->second, [now](const hold_place& each) { return each.forgotten_at <= now; });
            if (found->second.empty()) by_customer_.erase(found);
        }
    }

    boost::unordered_flat_map<customer_id, std::vector<hold_place>, id_hash> by_customer_;
    std::deque<std::pair<instant, customer_id>> due_;
};

}  // namespace qtable::net
