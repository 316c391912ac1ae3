// What staff read of a restaurant's log: who did what, and what changed since. Pure functions, any core; they
// append to `out`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/records.hpp"
#include "core/model/restaurant.hpp"
#include "core/model/slot.hpp"

namespace qtable::proto {

// {seq, at, type, action, actor: {kind, id, name}, subject_id, overrides: […]}
void write_activity(std::string& out, const activity_line& line);

// Everything that changed after some row of the log, each thing once, as its last row told it.
struct log_changes {
    restaurant_id restaurant;
    std::uint64_t epoch = 0;
    std::int64_t seq = 0;  // of the last row that is in this
    bool is_resync_required = false;
    bool has_more = false;
    std::map<uuid, std::string> tables, guests, reservations;  // rendered
    std::set<uuid> deleted_tables, deleted_guests;
    std::string config;  // the restaurant; empty: unchanged
    std::vector<table_combination> combinations;
    std::vector<slot> slots;
    bool has_all_availability_changed = false;
    std::set<date> availability_dates;
    std::set<uuid> customers;  // of those reservations

    // Rows come in order of seq.
    void add(const logged_event& row);
};
void write_changes(std::string& out, const log_changes& changes);

// Completes a rendered object with "customers": {id: {name, phone}, …}.
void append_customers(std::string& body, std::span<const person_name> people);

}  // namespace qtable::proto
