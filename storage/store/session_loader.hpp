// The sessions that ended lately, read at start-up: access tokens that name them may still be about. Blocks;
// the start-up thread. Errors: pg_error.
#pragma once

#include <functional>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "storage/pg/blocking.hpp"

namespace qtable::storage {

// Of sessions that ended, and customers who were erased, after `since`; earliest first.
void load_revoked(blocking_connection& database, instant since,
                  const std::function<void(const uuid& what, instant at)>& into);

}  // namespace qtable::storage
