#include "net/auth/revoked_set.hpp"

#include <algorithm>

namespace qtable::net {

void revoked_set::add(const uuid& what, instant until) {
    std::int64_t& kept = until_[what];
    kept = std::max(kept, until.ms);
    order_.emplace_back(until.ms, what);
    while (order_.size() > entries_max) drop_oldest();
}

void revoked_set::forget(instant now) {
    while (!order_.empty() && order_.front().first <= now.ms) drop_oldest();
}

// An entry that was added again later stays.
void revoked_set::drop_oldest() {
    const auto [until_ms, what] = order_.front();
    order_.pop_front();
    const auto found = until_.find(what);
    if (found != until_.end() && found->second <= until_ms) until_.erase(found);
}

}  // namespace qtable::net
