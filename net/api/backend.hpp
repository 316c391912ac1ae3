// What a core needs of the database, as ports: made on the core by the program's wiring, so that net knows no
// storage. Owner: the core; made before it serves, destroyed after it has ended.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "core/engine/accounts.hpp"
#include "core/engine/ports.hpp"
#include "core/engine/records.hpp"
#include "core/sync/database_counts.hpp"
#include "net/rt/core_thread.hpp"

namespace qtable::net {

// One of the core's connections to the database, for /metrics.
struct counted_connection {
    std::string_view name;
    const database_counts* counts = nullptr;
};

class core_backend {
  public:
    virtual ~core_backend() = default;
    virtual journal& log() = 0;
    virtual accounts& people() = 0;
    virtual qtable::records& records() = 0;
    // `available` is called on this core each time the journal has become available again.
    virtual void start(std::function<void()> available) = 0;
    // Ends the connections; what is open is answered first.
    virtual void stop() = 0;
    // Any core; the same ones on each core.
    virtual std::span<const counted_connection> connections() const noexcept { return {}; }
};

using backend_factory = std::function<std::unique_ptr<core_backend>(core_thread&)>;
// nullptr for a name that is not known; any core, reads no file.
using zone_lookup = std::function<std::shared_ptr<const zone>(std::string_view name)>;

}  // namespace qtable::net
