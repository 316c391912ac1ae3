// Reads everything that memory holds, at start-up: each restaurant with its configuration, published slots,
// reservations and guests of the active horizon, and the idempotency keys of the last day. One snapshot for
// all of it. Owner: the start-up thread; it blocks. Errors: pg_error. The images are the same that
// `pg_journal::load` gives. Bounds: memory of one chunk of restaurants at a time; a restaurant is handed out
// once and not kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "core/engine/batch.hpp"
#include "storage/pg/blocking.hpp"
#include "storage/zone/zone_loader.hpp"

namespace qtable::storage {

struct boot_counts {
    std::int64_t restaurants_total = 0;
    std::int64_t restaurants = 0;  // handed out
    std::int64_t refused = 0;      // the time zone is unknown here
    std::int64_t slots = 0;
    std::int64_t reservations = 0;
    std::int64_t guests = 0;
    std::int64_t receipts = 0;
};

// A receipt without its answer: what the idempotency ledger needs. Views are valid during the call.
struct stored_key {
    uuid actor;
    std::string_view route;
    std::string_view key;
    std::array<std::uint8_t, 16> body_hash{};
    instant at;
};

class boot_loader {
  public:
    boot_loader(blocking_connection& database, zone_loader& zones) : database_(database), zones_(zones) {}

    // Restaurants in ascending order of id; `events_since` is empty. `refused` is told id and reason of each
    // that can't be served.
    struct sinks {
        std::function<void(restaurant_image&&)> restaurant;
        std::function<void(const stored_key&)> receipt;                              // oldest first
        std::function<void(const restaurant_id&, std::string_view reason)> refused;  // may be empty
        std::function<void(const boot_counts&)> progress;                            // may be empty
    };
    boot_counts load(instant now, const sinks& into);

    std::size_t restaurants_per_chunk = 256;

  private:
    void load_restaurants(instant now, const sinks& into, boot_counts& counts);
    void load_receipts(instant now, const sinks& into, boot_counts& counts);

    blocking_connection& database_;
    zone_loader& zones_;
};

}  // namespace qtable::storage
