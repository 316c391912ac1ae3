// Many rows at once for command-line tools (import, seed, token mint), next to a server that may be running:
// it writes the same log rows, so an owner whose restaurant was changed under it notices, reloads and goes
// on. Owner: the tool's thread; it blocks. Errors: pg_error. Repeating a call changes nothing more. Bounds:
// transactions of `limits::bulk_restaurants_per_transaction` restaurants.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/restaurant.hpp"
#include "storage/pg/blocking.hpp"

namespace qtable::storage {

// `what` brings profile, rules, special days, tables and combinations, and its id, which counts only when the
// source_ref is new. Its staff is `owner` alone.
struct bulk_restaurant {
    std::string source_ref;  // names the restaurant in its source, for example "osm:node/42"; not empty
    restaurant what;
    staff_id owner;
    std::uint64_t log_epoch = 0;  // random
};

struct bulk_counts {
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
};

struct bulk_tools {
    std::function<uuid()> make_id;
    std::function<instant()> clock;
    std::function<std::string(const restaurant&)> restaurant_json;  // `data` of the log row
};

class bulk_writer {
  public:
    static constexpr const char* restaurants_channel = "qtable_restaurants";

    bulk_writer(blocking_connection& database, bulk_tools tools);

    // Found by e-mail (ASCII case aside), else made, verified and without a password that could be right.
    staff_id ensure_staff(std::string_view email, std::string_view full_name);
    customer_id ensure_customer(std::string_view email, std::string_view first_name = {},
                                std::string_view last_name = {});

    // New ones are inserted with special days, tables, combinations, owner and the first row of their log. Of
    // known ones the profile is updated when it differs, all but `is_public`; rules stay as staff set them,
    // and so do tables unless there is none. One that was deleted stays deleted (`unchanged`), and so does
    // the second of the same source_ref. `progress` is told the counts so far after each transaction. At the
    // end running servers hear of what changed.
    bulk_counts upsert_restaurants(const std::vector<bulk_restaurant>& restaurants,
                                   const std::function<void(const bulk_counts&)>& progress = {});

  private:
    using chunk = std::span<const bulk_restaurant>;
    bulk_counts upsert(chunk restaurants, std::vector<restaurant_id>& changed);
    bulk_counts upsert_with_retries(chunk restaurants, std::vector<restaurant_id>& changed);
    void notify(const std::vector<restaurant_id>& changed);

    blocking_connection& database_;
    bulk_tools tools_;
};

// The payload of `restaurants_channel`; ids that can't be read are left out.
std::vector<restaurant_id> parse_changed_restaurants(std::string_view payload);

}  // namespace qtable::storage
