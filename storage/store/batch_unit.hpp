// A batch as the statements that make it durable: a handful of multi-row ones, whatever its size, rows in key
// order so that two writers never wait for each other in a circle. Pure; any thread. Order: receipts and log
// rows (the fence), restaurants, staff, special days, tables, combinations, slots, counts, reservations,
// guests, what these two take, and reviews.
#pragma once

#include <optional>
#include <string_view>

#include "core/engine/batch.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

unit make_unit(const batch& what);

// For whoever stores receipts or log rows outside of a batch. Unsorted input is sorted.
void add_receipts(unit& to, const std::vector<receipt_row>& what);
void add_events(unit& to, const std::vector<logged_event>& what);

// The constraint that the engine tells apart.
conflict_kind conflict_of(std::string_view constraint) noexcept;
// Whose rows met a key or an exclusion constraint, from the error's detail: all of them lead with the
// restaurant. None: it doesn't say.
std::optional<restaurant_id> restaurant_in(std::string_view detail) noexcept;

}  // namespace qtable::storage
