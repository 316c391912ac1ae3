// The part of a batch that staff configure: restaurants, staff, special days, tables and combinations. Pure;
// any thread.
#pragma once

#include <span>

#include "core/engine/batch.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

void add_configuration(unit& to, const batch& what);

struct new_restaurant {
    const restaurant* what = nullptr;
    std::uint64_t log_epoch = 0;
    std::string_view source_ref;  // empty = none
};
// Profile, rules, pause, version and rating of those that are there; in ascending order of id.
void add_changed_restaurants(unit& to, std::span<const restaurant* const> what);
// New restaurants with their staff; what else they have follows by those below.
void add_new_restaurants(unit& to, std::span<const new_restaurant> what);
void add_staff(unit& to, const std::vector<staff_row>& what);
void add_special_days(unit& to, const std::vector<special_day_row>& what);
void add_tables(unit& to, const std::vector<table_row>& what);
void add_combinations(unit& to, const std::vector<combination_row>& what);

}  // namespace qtable::storage
