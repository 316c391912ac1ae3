// Which accounts ask most, so that other nodes can be told: a small table that whoever asks often holds a
// place of (the majority vote of Boyer and Moore, a place each). What it counts is at most what was asked.
// One per core; that core only. Bounds: `places` accounts, no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/ids.hpp"

namespace qtable::net {

class heavy_askers {
  public:
    static constexpr std::size_t places = 512;

    void asked(const uuid& account) noexcept {
        place& of = places_[account.hash() % places];
        if (of.requests == 0) of.account = account;
        of.requests += of.account == account ? 1U : -1U;
    }
    // `visit(account, requests)` for those with at least `least`, which are forgotten; the others count on.
    template <class Visit>
    void take(std::uint32_t least, Visit&& visit) {
        for (place& each : places_) {
            if (each.requests == 0 || each.requests < least) continue;
            visit(each.account, each.requests);
            each.requests = 0;
        }
    }

  private:
    struct place {
        uuid account;
        std::uint32_t requests = 0;
    };
    std::array<place, places> places_{};
};

}  // namespace qtable::net
