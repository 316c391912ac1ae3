// Reads everything that memory holds, at start-up: each restaurant with its configuration, published slots,
// reservations and guests of the active horizon, and the idempotency keys of the last day. All of it in one
// snapshot, over several connections: the restaurants are dealt out to parts, and a thread for each part
// reads its own by COPY on a connection of its own, which joins the snapshot of ours. Owner: the start-up
// thread; it blocks. Errors: pg_error; one part that fails ends the others. The images are the same that
// `pg_journal::load` gives. Bounds: memory of what is handed out, once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/partition.hpp"
#include "core/engine/batch.hpp"
#include "storage/pg/blocking.hpp"

namespace qtable::storage {

struct boot_counts {
    std::int64_t restaurants_total = 0;
    std::int64_t rows = 0;         // read so far, of all tables
    std::int64_t restaurants = 0;  // handed out
    std::int64_t refused = 0;      // the time zone is unknown here
    std::int64_t slots = 0;
    std::int64_t reservations = 0;
    std::int64_t guests = 0;
    std::int64_t receipts = 0;

    boot_counts& operator+=(const boot_counts& other) noexcept;
};

// Where the parts' threads spent their time, each an average over the parts.
struct boot_times {
    std::int64_t waiting_us = 0;   // for the database's rows
    std::int64_t decoding_us = 0;  // making images of them
    std::int64_t handing_us = 0;   // in `restaurant` and `refused`
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
    using zone_finder = std::function<std::shared_ptr<const zone>(std::string_view)>;  // any thread

    boot_loader(std::string conninfo, zone_finder zones)
        : conninfo_(std::move(conninfo)), zones_(std::move(zones)) {}

    struct sinks {
        // Below `parts`. What belongs to one part is handed out by one thread.
        std::function<std::size_t(const restaurant_id&)> part_of;
        // On the part's thread, in ascending order of id within the part; `events_since` is empty.
        std::function<void(restaurant_image&&)> restaurant;
        // On the part's thread: id and reason of each that can't be served. May be empty.
        std::function<void(const restaurant_id&, std::string_view reason)> refused;
        std::function<void(const stored_key&)> receipt;    // on our own, oldest first
        std::function<void(const boot_counts&)> progress;  // on our own, about once a second; may be empty
    };
    struct loaded {
        boot_counts counts;
        boot_times times;
    };
    loaded load(instant now, const sinks& into);

    partition wanted;  // of the restaurants
    std::size_t parts = 1;
    std::int64_t progress_interval_ms = 1000;

  private:
    std::string conninfo_;
    zone_finder zones_;
};

}  // namespace qtable::storage
