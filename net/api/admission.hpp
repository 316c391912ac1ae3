// Who gets in, before anything of a request is done: whether its address, its account and the restaurant that
// it is about are within their rates, and whether the core can still afford a request of its kind. What is
// refused is answered here, 429 or 503, with Retry-After. Under overload kinds go in this order: lists,
// search, availability, booking; cancelling and the staff's work never. One per core; that core only; the
// rates are counted over all cores (net/limit/rate_limits.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/ids.hpp"
#include "net/api/app_metrics.hpp"
#include "net/api/router.hpp"
#include "net/limit/heavy_askers.hpp"
#include "net/limit/load_class.hpp"
#include "net/limit/overload_valve.hpp"
#include "net/limit/rate_limits.hpp"
#include "net/limit/shared_counts.hpp"
#include "net/rt/queue_probe.hpp"

namespace qtable::net {

class app_core;

class admission {
  public:
    admission(app_core& app, rate_limits& rates);

    void start() { probe_.start(); }
    // Finds out who really asks (behind proxies that are trusted) and counts the address. Each of these:
    // false when the refusal is answered.
    bool by_address(call& in);
    bool by_account(call& in);
    bool by_restaurant(call& in, const restaurant_id& which);
    bool affords(call& in, std::size_t route);
    // What accounts asked on this core since they were told last; those that asked little wait.
    void take_counts(shared_counts& to);
    // How many coming reservations its customer may have; 0: any number.
    std::size_t bookings_cap(const call& in) const noexcept;

    std::int64_t last_wait_us() const noexcept { return probe_.last_us(); }

  private:
    bool is_exempt(const call& in) const noexcept;
    static bool refuse(call& in);

    app_core& app_;
    rate_limits& rates_;
    queue_probe probe_;
    overload_valve valve_;
    heavy_askers askers_;
    std::array<load_class, app_metrics::max_routes> classes_{};  // by route
};

}  // namespace qtable::net
