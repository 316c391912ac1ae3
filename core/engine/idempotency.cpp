#include "core/engine/idempotency.hpp"

#include "core/base/limits.hpp"

namespace qtable {

idempotency_ledger::verdict idempotency_ledger::begin(const idempotency_scope& scope, const body_hash& body,
                                                      instant now) {
    forget_old(now);
    const auto found = entries_.find(scope);
    if (found == entries_.end()) {
        insert(scope, {body, state::running, now.ms});
        return verdict::fresh;
    }
    if (found->second.body != body) return verdict::reused;
    switch (found->second.what) {
        case state::running: return verdict::in_progress;
        case state::stored: return verdict::stored;
        case state::unknown: break;
    }
    found->second.what = state::running;
    return verdict::uncertain;
}

void idempotency_ledger::settle(const idempotency_scope& scope, outcome how) {
    const auto found = entries_.find(scope);
    if (found == entries_.end()) return;
    switch (how) {
        case outcome::stored: found->second.what = state::stored; break;
        case outcome::unknown: found->second.what = state::unknown; break;
        case outcome::failed: entries_.erase(found); break;
    }
}

void idempotency_ledger::remember(const idempotency_scope& scope, const body_hash& body, instant at) {
    insert(scope, {body, state::stored, at.ms});
}

void idempotency_ledger::insert(const idempotency_scope& scope, const entry& what) {
    entries_.insert_or_assign(scope, what);
    ages_.push_back({scope, what.at_ms});
}

void idempotency_ledger::forget_old(instant now) {
    while (!ages_.empty()) {
        const age& oldest = ages_.front();
        if (entries_.size() <= limits::idempotency_entries_per_core &&
            oldest.at_ms + limits::idempotency_kept_ms > now.ms) {
            return;
        }
        const auto found = entries_.find(oldest.scope);
        // A key that is running, or that was used again since, stays.
        if (found != entries_.end() && found->second.what != state::running && found->second.at_ms == oldest.at_ms) {
            entries_.erase(found);
        }
        ages_.pop_front();
    }
}

}  // namespace qtable
