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
        case state::running:
            return verdict::in_progress;
        case state::stored:
            return verdict::stored;
        case state::unknown:
            break;
    }
    found->second.what = state::running;
    return verdict::uncertain;
}

void idempotency_ledger::settle(const idempotency_scope& scope, outcome how) {
    const auto found = entries_.find(scope);
    if (found == entries_.end()) return;
    switch (how) {
        case outcome::stored:
            found->second.what = state::stored;
            break;
        case outcome::unknown:
            found->second.what = state::unknown;
            break;
        case outcome::failed:
            entries_.erase(found);
            break;
    }
}

void idempotency_ledger::remember(const idempotency_scope& scope, const body_hash& body, instant at) {
    insert(scope, {body, state::stored, at.ms});
}

void idempotency_ledger::insert(const idempotency_scope& scope, const entry& what) {
    entries_.insert_or_assign(scope, what);
    ages_.push_back({scope, what.at_ms});
    // Keys whose requests failed are gone, their ages aren't: not for a day, though.
    if (ages_.size() > 2 * entries_.size() + limits::idempotency_dead_ages) {
        std::erase_if(ages_, [this](const age& each) { return !is_alive(each); });
    }
}

// False when the key is gone, or was used again since.
bool idempotency_ledger::is_alive(const age& of) const {
    const auto found = entries_.find(of.scope);
    return found != entries_.end() && found->second.at_ms == of.at_ms;
}

void idempotency_ledger::forget_old(instant now) {
    for (std::size_t left = ages_.size(); left > 0; --left) {
        const age oldest = ages_.front();
        if (entries_.size() <= limits::idempotency_entries_per_core &&
            oldest.at_ms + limits::idempotency_kept_ms > now.ms) {
            return;
        }
        ages_.pop_front();
        if (!is_alive(oldest)) continue;
        if (entries_.find(oldest.scope)->second.what == state::running) {
            ages_.push_back(oldest);  // later
        } else {
            entries_.erase(oldest.scope);
        }
    }
}

}  // namespace qtable
