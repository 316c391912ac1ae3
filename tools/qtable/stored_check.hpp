// Whether the stored rows of every restaurant can be served: what a start would find, without a server. Main
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/time.hpp"

namespace qtable::tools {

struct stored_check {
    std::int64_t restaurants = 0, unsound = 0;
};

// Prints a line for each that isn't sound. Throws storage::pg_error when the database can't be read.
stored_check check_stored(const std::string& conninfo, instant now);

}  // namespace qtable::tools
