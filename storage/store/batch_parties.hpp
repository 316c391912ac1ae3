// The part of a batch about parties: reservations and guests with the tables that they take, and what was
// said of a visit. Pure; any thread. A batch of new bookings is two statements here; kinds of rows that it
// doesn't have cost none.
#pragma once

#include <vector>

#include "core/engine/batch.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

// Both kinds take tables in the same statements, in order of the tables: two writers never wait for each
// other in a circle.
void add_parties(unit& to, const std::vector<reservation>& reservations,
                 const std::vector<guest_row>& guests);
void add_reviews(unit& to, const std::vector<review>& what);

}  // namespace qtable::storage
