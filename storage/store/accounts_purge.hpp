// Deletes what is no longer good for anything, every hour and soon after the start: expired tokens, sessions
// and invitations, receipts past their time, letters sent or given up a week ago. In pieces of a thousand
// rows, so that nobody waits; rows that another node has in hand are skipped. Owner: one core (0).
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/time.hpp"
#include "storage/pg/pg_connection.hpp"

namespace qtable::storage {

class accounts_purge {
  public:
    accounts_purge(boost::asio::io_context& io, pg_connection& database, std::function<instant()> clock);
    ~accounts_purge();
    accounts_purge(const accounts_purge&) = delete;
    accounts_purge& operator=(const accounts_purge&) = delete;

    void start();
    void stop();
    // Now. `done` (may be empty) is told how many rows went, -1 when the database is away.
    void run(std::function<void(std::int64_t)> done);

    static constexpr std::int64_t first_after_ms = 60'000;
    static constexpr std::int64_t every_ms = 3'600'000;
    static constexpr std::int64_t mail_kept_ms = 7 * ms_per_day;
    // A used token still answers who comes again with it.
    static constexpr std::int64_t token_kept_ms = ms_per_day;
    static constexpr std::int64_t rows_at_once = 1'000;

  private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace qtable::storage
