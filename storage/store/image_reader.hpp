// The statements that read restaurants back whole, and what puts their rows together: the same for a reload
// on a core and for the start-up of all of them. Any thread, not thread-safe.
//
// A journal sends the statements in one unit; the log's last seqs come with the restaurants and once more at
// the end
// (`confirm`): when they are the same, nothing was committed in between and the image is one state, whatever
// the isolation level of the connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/engine/batch.hpp"
#include "storage/pg/params.hpp"
#include "storage/pg/row.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

// How far back memory reaches: everything of business days from `from` on, and what still takes a table after
// that day began. Yesterday anywhere on earth is not before `from`.
struct horizon {
    date from;
    instant from_midnight;      // UTC
    instant reservations_from;  // no reservation that belongs to it starts earlier: what an index can use
    instant guests_from;        // guests that left before are forgotten
};
horizon horizon_of(instant now) noexcept;

namespace image_sql {
extern const statement restaurants;   // $1 = ids; with the last seqs of the log
extern const statement staff;         // $1
extern const statement special_days;  // $1
extern const statement tables;        // $1
extern const statement combinations;  // $1
extern const statement slots;         // $1, $2 = horizon.from
extern const statement reservations;  // $1, $2 = horizon.reservations_from, $3 = .from, $4 = .from_midnight
extern const statement guests;        // $1, $2 = horizon.guests_from
extern const statement last_seqs;     // $1
}  // namespace image_sql

class image_builder {
  public:
    // Images of these restaurants, in ascending order of id; doubles count once.
    explicit image_builder(std::vector<restaurant_id> ids);

    const std::vector<restaurant_id>& ids() const noexcept { return ids_; }
    restaurant_image& at(const restaurant_id& id);

    void add_restaurants(const rows& from);
    void add_staff(const rows& from);
    void add_special_days(const rows& from);
    void add_tables(const rows& from);
    void add_combinations(const rows& from);
    void add_slots(const rows& from);
    void add_reservations(const rows& from);
    void add_guests(const rows& from);
    // False when a log has grown since add_restaurants.
    bool confirm(const rows& last_seqs);
    // Gives every image its zone; one that has none doesn't exist, and `refused` is told.
    void add_zones(const std::function<std::shared_ptr<const zone>(std::string_view)>& find,
                   const std::function<void(const restaurant_id&)>& refused);

    // Those that exist and those that don't.
    std::vector<restaurant_image> take() { return std::move(images_); }

  private:
    std::vector<restaurant_id> ids_;
    std::vector<restaurant_image> images_;
    std::size_t last_ = 0;  // rows of a restaurant mostly come together
};

}  // namespace qtable::storage
