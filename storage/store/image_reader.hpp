// The statements that read restaurants back whole, and what puts their rows together: the same for a reload
// on a core and for the start-up of all of them. Any thread, not thread-safe.
//
// A journal sends the statements in one unit; the log's last seqs come with the restaurants and once more at
// the end
// (`confirm`): when they are the same, nothing was committed in between and the image is one state, whatever
// the isolation level of the connection.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
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

class image_builder;

// One of the statements that an image is read with, and what takes its rows.
struct image_part {
    using bound = std::variant<date horizon::*, instant horizon::*>;

    const statement& what;     // $1 = ids
    std::vector<bound> since;  // $2 and what follows
    void (image_builder::*add)(const row&);

    params arguments(const std::vector<restaurant_id>& ids, const horizon& since_when) const;
    // The statement with its arguments as literals: COPY takes no parameters.
    std::string literal(const std::vector<restaurant_id>& ids, const horizon& since_when) const;
};
// The restaurants themselves, with the last seqs of their logs, come first. Of one snapshot, or confirmed.
const std::vector<image_part>& image_parts();

namespace image_sql {
extern const statement last_seqs;  // $1 = ids
}  // namespace image_sql

class image_builder {
  public:
    // Images of these restaurants, in ascending order of id; doubles count once.
    explicit image_builder(std::vector<restaurant_id> ids);

    const std::vector<restaurant_id>& ids() const noexcept { return ids_; }
    restaurant_image& at(const restaurant_id& id);

    void add_restaurant(const row& from);
    void add_staff(const row& from);
    void add_special_day(const row& from);
    void add_table(const row& from);
    void add_combination(const row& from);
    void add_slot(const row& from);
    void add_reservation(const row& from);
    void add_guest(const row& from);
    // Of `event_sql::changed`.
    void add_changes(const row& from);
    // False when a log has grown since the restaurants were read.
    bool confirm(const rows& last_seqs);
    // All rows are there: sorts what has an order, and gives every image its zone; one that has none doesn't
    // exist, and `refused` is told.
    void finish(const std::function<std::shared_ptr<const zone>(std::string_view)>& find,
                const std::function<void(const restaurant_id&)>& refused);

    // Those that exist and those that don't.
    std::vector<restaurant_image> take() { return std::move(images_); }

  private:
    std::vector<restaurant_id> ids_;
    std::vector<restaurant_image> images_;
    boost::unordered_flat_map<restaurant_id, std::size_t, id_hash> places_;  // in `images_`
};

}  // namespace qtable::storage
