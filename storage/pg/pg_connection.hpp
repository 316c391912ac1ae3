// One PostgreSQL connection in pipeline mode on one core: units go in, results come back by callback; it
// connects and reconnects by itself (jittered, at most `limits::pg_reconnect_max_ms` apart).
//
// Owner: the core whose io_context it got; every function and callback on that core only. Callbacks run from
// the event loop, never from inside submit(), and may call submit(); they must not destroy the connection.
// Order: units are sent in the order of submit(). A unit takes effect all or none. After a connection is lost
// nothing that was submitted before runs any more: sent units end `outcome_unknown`, the waiting ones
// `unavailable`. Bounds: `depth` units in flight, `queued_units` waiting (more: `unavailable` at once); every
// unit is answered within its timeout. Every callback is called exactly once, at the latest in close() or the
// destructor.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/sync/database_counts.hpp"
#include "storage/pg/conninfo.hpp"
#include "storage/pg/options.hpp"
#include "storage/pg/state.hpp"
#include "storage/pg/unit.hpp"

namespace qtable::storage {

class pg_connection {
  public:
    pg_connection(boost::asio::io_context& io, connect_target target, pg_options options = {});
    ~pg_connection();
    pg_connection(const pg_connection&) = delete;
    pg_connection& operator=(const pg_connection&) = delete;

    // Called at every change, with the reason of a `down` in one line. Set before start().
    void on_state(std::function<void(pg_state, std::string_view reason)> callback);
    // Begins to connect; never blocks.
    void start();
    // Answers what is open, ends the session politely and doesn't reconnect.
    void close();

    bool ready() const noexcept;
    // A unit that is submitted while there is no connection waits for one for `unready_wait_ms`.
    void submit(unit work, unit_callback callback);
    std::size_t waiting() const noexcept;
    std::size_t in_flight() const noexcept;
    // May be read by any core.
    const database_counts& counts() const noexcept;

    // LISTEN on `channel` ([a-z0-9_]+), now and after every reconnect. `on_listening` runs each time the
    // LISTEN has taken effect: what was notified before it is lost, so catch up there. Use a connection of
    // its own for it.
    void listen(std::string channel, std::function<void(std::string_view payload)> on_notification,
                std::function<void()> on_listening);

    // Other addresses from the next attempt on (after a new resolve on a thread that may block).
    void retarget(connect_target target);

  private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace qtable::storage
