// What a start puts into memory, and what it says meanwhile: a line a second while it reads, one about each
// restaurant that isn't served, and in the end how long each phase took. Main thread, before the server
// starts.
#pragma once

#include <string>

#include "core/base/time.hpp"
#include "net/api/backend.hpp"
#include "net/server/server.hpp"

namespace qtable::tools {

// All of it before the first request. Throws storage::pg_error when the database can't be read.
void boot(const std::string& conninfo, const net::zone_lookup& zones, instant now, const partition& part,
          net::server& into);

}  // namespace qtable::tools
