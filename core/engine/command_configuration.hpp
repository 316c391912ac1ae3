// What managers and owners ask of a restaurant's owner core: floor plan, rules, special days, pause, staff,
// reviews' figures, the end. Plain values, as core/engine/command.hpp says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/model/hours.hpp"
#include "core/model/restaurant.hpp"
#include "core/model/review.hpp"
#include "core/model/rules.hpp"
#include "core/model/table.hpp"

namespace qtable {

// Many tables at once, all or nothing. A table with a known id, or with the label of one, changes it; others
// are new, under the ids that they come with. Status and guest of known tables stay. With `replaces_all` the
// tables that aren't named go (not while they are in use).
struct sync_tables {
    std::vector<table> tables;
    bool replaces_all = false;
};

// Every member exists; none of them is occupied or out of service.
struct put_combination {
    table_combination what;
    bool is_new = true;
    std::optional<std::int64_t> if_version;
};

struct delete_combination {
    combination_id id;
    std::optional<std::int64_t> if_version;
};

struct change_rules {
    booking_rules rules;  // whole: the sender applied the patch to what it saw
    std::int64_t seen_version = 0;
    std::optional<std::int64_t> if_version;
};

struct put_special_day {
    special_day day;
    bool must_be_new = false;
};

struct delete_special_day {
    qtable::date date;
};

// None = open again now.
struct pause_bookings {
    std::optional<instant> until;
};

// The role of a staff account here; none = it has none any more. Only owners touch owners, and one always
// stays.
struct change_staff {
    staff_id id;
    std::optional<staff_role> role;
    bool must_be_new = false;
};

// The sender has seen that the reservation is the customer's and completed.
struct record_review {
    review what;
};

// Not while parties are booked or sit there.
struct delete_restaurant {
    std::optional<std::int64_t> if_version;
};

}  // namespace qtable
