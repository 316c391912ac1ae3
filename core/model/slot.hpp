// An availability slot that staff published for (date, start, party size): a layer on top of what tables and
// hours give. `available_tables` caps what is offered there and counts down with each reservation that took
// the slot; `is_available = false` closes it. Plain value, any core.
#pragma once

#include <cstdint>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace qtable {

struct slot {
    slot_id id;
    qtable::date date;  // the business day
    int minute = 0;     // of the wall clock, 0–1439
    int party_size = 0;
    int available_tables = 0;
    bool is_available = true;
    std::int64_t version = 1;
};

}  // namespace qtable
