#include "storage/store/boot_loader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/limits.hpp"
#include "storage/store/image_reader.hpp"

namespace qtable::storage {

namespace {

rows ask(blocking_connection& database, const statement& what, const params& with) {
    return database.query(std::string(what.sql), with);
}

// Everything is read in one snapshot; a failure leaves the connection usable.
class snapshot {
  public:
    explicit snapshot(blocking_connection& database) : database_(database) {
        database_.exec("begin transaction isolation level repeatable read, read only");
    }
    ~snapshot() {
        try {
            database_.exec("rollback");
        } catch (const pg_error&) {  // the connection has gone: so has the transaction
        }
    }
    snapshot(const snapshot&) = delete;
    snapshot& operator=(const snapshot&) = delete;

  private:
    blocking_connection& database_;
};

}  // namespace

boot_counts boot_loader::load(instant now, const sinks& into) {
    const snapshot one_state(database_);
    boot_counts counts;
    load_restaurants(now, into, counts);
    load_receipts(now, into, counts);
    return counts;
}

void boot_loader::load_restaurants(instant now, const sinks& into, boot_counts& counts) {
    std::vector<restaurant_id> all;
    for (const row r : database_.query("select id from restaurants where deleted_at is null order by id")) {
        all.push_back(r.get<restaurant_id>(0));
    }
    counts.restaurants_total = static_cast<std::int64_t>(all.size());
    const horizon since = horizon_of(now);
    const auto find_zone = [&](std::string_view name) {
        auto found = zones_.load(name);
        return found ? *found : nullptr;
    };
    const auto refuse = [&](const restaurant_id& id) {
        ++counts.refused;
        if (into.refused) into.refused(id, "its time zone is unknown");
    };

    for (std::size_t done = 0; done < all.size(); done += restaurants_per_chunk) {
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(done);
        const auto until =
            all.begin() + static_cast<std::ptrdiff_t>(std::min(done + restaurants_per_chunk, all.size()));
        image_builder builder(std::vector<restaurant_id>(from, until));
        const params ids = std::move(params().add_array(builder.ids()));
        builder.add_restaurants(ask(database_, image_sql::restaurants, ids));
        builder.add_staff(ask(database_, image_sql::staff, ids));
        builder.add_special_days(ask(database_, image_sql::special_days, ids));
        builder.add_tables(ask(database_, image_sql::tables, ids));
        builder.add_combinations(ask(database_, image_sql::combinations, ids));
        params slots = ids;
        builder.add_slots(ask(database_, image_sql::slots, slots.add(since.from)));
        params reservations = ids;
        builder.add_reservations(
            ask(database_, image_sql::reservations,
                reservations.add(since.reservations_from).add(since.from).add(since.from_midnight)));
        params guests = ids;
        builder.add_guests(ask(database_, image_sql::guests, guests.add(since.guests_from)));
        builder.add_zones(find_zone, refuse);
        for (restaurant_image& image : builder.take()) {
            if (!image.exists) continue;
            ++counts.restaurants;
            counts.slots += static_cast<std::int64_t>(image.slots.size());
            counts.reservations += static_cast<std::int64_t>(image.reservations.size());
            counts.guests += static_cast<std::int64_t>(image.guests.size());
            into.restaurant(std::move(image));
        }
        if (into.progress) into.progress(counts);
    }
}

void boot_loader::load_receipts(instant now, const sinks& into, boot_counts& counts) {
    const params since = std::move(params().add(now.plus_ms(-limits::idempotency_kept_ms)));
    database_.each_row(
        "select actor_id, route, key, body_hash, at from idempotency_receipts where at >= $1 order by at",
        since, [&](const row& r) {
            stored_key found{r.get<uuid>(0),
                             r.get<std::string_view>(1),
                             r.get<std::string_view>(2),
                             {},
                             r.get<instant>(4)};
            const byte_view hash = r.get<byte_view>(3);
            QTABLE_ASSERT(hash.size() == found.body_hash.size());
            std::copy(hash.begin(), hash.end(), found.body_hash.begin());
            ++counts.receipts;
            into.receipt(found);
        });
    if (into.progress) into.progress(counts);
}

}  // namespace qtable::storage
