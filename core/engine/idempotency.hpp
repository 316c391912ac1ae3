// Which Idempotency-Keys are known, running or done: one ledger per core, for the actors that call this core
// home. It remembers that a key was used and for what body; the stored answer itself is in the database, next
// to what it created. The database's primary key is the last line, should a key ever slip through here.
// Owner: the actor's home core. Bounds: `limits::idempotency_entries_per_core`, each kept
// `limits::idempotency_kept_ms`; the oldest go first.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable {

// 128 bits of a hash over actor, route and key, made by the caller.
struct idempotency_scope {
    std::uint64_t high = 0, low = 0;
    friend bool operator==(const idempotency_scope&, const idempotency_scope&) = default;
};

using body_hash = std::array<std::uint8_t, 16>;

class idempotency_ledger {
  public:
    enum class verdict : std::uint8_t {
        fresh,        // go on; `settle` must follow
        in_progress,  // another request with this key is running
        reused,       // the key was used for another body
        stored,       // the database has the answer
        uncertain,    // an earlier attempt ended without knowing: ask the database, then `settle` and begin
                      // anew
    };
    enum class outcome : std::uint8_t { stored, failed, unknown };

    // `fresh` and `uncertain` mark the key as running.
    verdict begin(const idempotency_scope& scope, const body_hash& body, instant now);
    void settle(const idempotency_scope& scope, outcome how);
    // What the database knows already, at boot.
    void remember(const idempotency_scope& scope, const body_hash& body, instant at);

    std::size_t size() const noexcept { return entries_.size(); }
    std::size_t remembered_ages() const noexcept {
        return ages_.size();
    }  // for tests: what its memory is bounded by

  private:
    enum class state : std::uint8_t { running, stored, unknown };
    struct entry {
        body_hash body{};
        state what = state::running;
        std::int64_t at_ms = 0;
    };
    struct scope_hash {
        std::size_t operator()(const idempotency_scope& scope) const noexcept {
            return static_cast<std::size_t>(scope.high ^ (scope.low * 0x9e3779b97f4a7c15ULL));
        }
    };
    struct age {
        idempotency_scope scope;
        std::int64_t at_ms = 0;
    };

    void insert(const idempotency_scope& scope, const entry& what);
    void forget_old(instant now);
    bool is_alive(const age& of) const;

    boost::unordered_flat_map<idempotency_scope, entry, scope_hash> entries_;
    std::deque<age>
        ages_;  // in order of insertion; one per insertion, so an entry may have been replaced since
};

}  // namespace qtable
