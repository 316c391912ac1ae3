// What access tokens must not be taken for any more, although they have not run out: sessions that ended, and
// accounts that are gone. Each core has its own, told by message (net/api/revocation.hpp). Owner: its core.
// Bounds: an entry is kept as long as an access token lives; at most `entries_max`, the oldest go first.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable::net {

class revoked_set {
  public:
    static constexpr std::size_t entries_max = 1'000'000;
    // A token may be made a little after its session ended, by a renewal that was on its way.
    static constexpr std::int64_t slack_ms = 60'000;

    void add(const uuid& what, instant until);
    // As if it had never been added.
    void remove(const uuid& what) { until_.erase(what); }
    bool contains(const uuid& session, const uuid& account) const noexcept {
        if (until_.empty()) return false;
        return until_.contains(account) || (!session.is_nil() && until_.contains(session));
    }
    // Those whose time is over.
    void forget(instant now);
    std::size_t size() const noexcept { return until_.size(); }

  private:
    void drop_oldest();

    boost::unordered_flat_map<uuid, std::int64_t, id_hash> until_;  // ms
    std::deque<std::pair<std::int64_t, uuid>> order_;               // as they came: about as they end
};

}  // namespace qtable::net
