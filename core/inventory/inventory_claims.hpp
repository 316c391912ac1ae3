// Part of inventory: how its source files walk the claims of one booking. Not for others.
#pragma once

#include "core/inventory/inventory.hpp"

namespace qtable {

template <class Visit>
void inventory::for_each_claim(const booking& of, Visit&& visit) {
    if (of.active) visit(claim_of(*of.active));
    if (of.held) visit(*of.held);
    for (const pending_release& p : of.pending) visit(p.claim);
}

}  // namespace qtable
