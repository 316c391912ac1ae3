// Questions of a node about what other nodes on the same database did. Units for a pg_connection; stateless,
// any core.
#pragma once

#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/partition.hpp"
#include "core/base/time.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

// Where the logs of the next `most` restaurants of the part by id stand: (id, last seq, is deleted) each.
unit positions_after(const restaurant_id& after, int most, const partition& part = {});
// Sessions that ended and customers that were erased since then: ids.
unit revoked_since(instant since);
unit notification(std::string_view channel, std::string_view payload);

}  // namespace qtable::storage
