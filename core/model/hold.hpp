// Capacity that a customer holds while deciding: `limits::hold_ms`, one per customer and restaurant. Lives in
// the owner's memory only; a crash drops it. Plain value, any core.
#pragma once

#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable {

struct hold {
    hold_id id;
    restaurant_id restaurant;
    customer_id customer;
    qtable::date date;  // the business day
    int minute = 0;     // of the start on that day's wall clock; 1440 and more is after its midnight
    int party_size = 0;
    std::vector<table_id> tables;  // sorted
    std::optional<slot_id> slot;
    instant starts_at;
    instant ends_at;
    instant blocks_from;
    instant blocks_until;
    instant created_at;
    instant expires_at;
};

}  // namespace qtable
