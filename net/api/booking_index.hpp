// Which coming reservations a customer has, over all restaurants: what the cap on them is counted from.
// Filled by the owners, at the start and with each commit; put again, a reservation stands in it once. Kept
// on the customer's home core, for the customers whose home it is; that core only. Bounds: one entry a coming
// reservation; what is over goes when its customer is looked at, and all of it once an hour.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable::net {

// A reservation as the cap sees it.
struct booked {
    customer_id customer;
    reservation_id reservation;
    instant until{};         // its end
    bool is_coming = false;  // false: cancelled, seated, over
};

class booking_index {
  public:
    void put(const booked& what) {
        std::vector<entry>& entries = by_customer_[what.customer];
        std::erase_if(entries, [&what](const entry& each) { return each.id == what.reservation; });
        if (what.is_coming) entries.push_back({what.reservation, what.until});
        if (entries.empty()) by_customer_.erase(what.customer);
    }

    // Also counts those that are just being asked for, so that many at once can't pass the cap together.
    bool begin(const customer_id& customer, std::size_t most, instant now) {
        std::size_t count = 0;
        if (const auto found = by_customer_.find(customer); found != by_customer_.end()) {
            std::erase_if(found->second, [now](const entry& each) { return each.until <= now; });
            count = found->second.size();
        }
        std::size_t& asking = asking_[customer];
        if (count + asking >= most) {
            if (asking == 0) asking_.erase(customer);
            return false;
        }
        ++asking;
        return true;
    }
    void end(const customer_id& customer) {
        const auto found = asking_.find(customer);
        if (found != asking_.end() && --found->second == 0) asking_.erase(found);
    }

    void forget_past(instant now) {
        boost::unordered::erase_if(by_customer_, [now](auto& each) {
            std::erase_if(each.second, [now](const entry& one) { return one.until <= now; });
            return each.second.empty();
        });
    }

  private:
    struct entry {
        reservation_id id;
        instant until;
    };
    boost::unordered_flat_map<customer_id, std::vector<entry>, id_hash> by_customer_;
    boost::unordered_flat_map<customer_id, std::size_t, id_hash> asking_;
};

}  // namespace qtable::net
