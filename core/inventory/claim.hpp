// What takes capacity: a set of tables for a time, a unit of a published slot, a party in the pacing.
// Reservations are claims; so are holds and walk-ins, which the inventory keeps by a key of their own: the
// holding customer's or the guest's id. Plain value, any core.
#pragma once

#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/model/guest.hpp"
#include "core/model/hold.hpp"
#include "core/model/reservation.hpp"

namespace qtable {

struct capacity_claim {
    std::vector<table_id> tables;
    std::optional<slot_id> slot;
    int party_size = 0;
    instant starts_at;
    instant blocks_from;
    instant blocks_until;
};

inline capacity_claim claim_of(const reservation& r) {
    return {r.tables, r.slot, r.party_size, r.starts_at, r.blocks_from, r.blocks_until};
}

inline capacity_claim claim_of(const hold& h) {
    return {h.tables, h.slot, h.party_size, h.starts_at, h.blocks_from, h.blocks_until};
}

// Of a guest that takes its tables itself: a walk-in, or one of the waitlist. It takes no slot.
inline capacity_claim claim_of(const guest& g) {
    return {g.tables, std::nullopt, g.party_size, g.blocks_from, g.blocks_from, g.blocks_until};
}

}  // namespace qtable
