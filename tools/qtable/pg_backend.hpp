// A core's database ports over PostgreSQL: its connections, journal, accounts and records. Wiring only.
// Owner: its core (net/api/backend.hpp).
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "net/api/backend.hpp"
#include "storage/pg/conninfo.hpp"
#include "storage/pg/options.hpp"
#include "storage/pg/pg_connection.hpp"
#include "storage/store/accounts_store.hpp"
#include "storage/store/journal.hpp"
#include "storage/store/records_store.hpp"

namespace qtable::tools {

struct pg_backend_options {
    storage::connect_target target;
    storage::pg_options connection;
    storage::zone_finder zones;
    std::string writer;              // names this process to other nodes
    std::function<void()> on_mail;   // a letter is in the outbox; called on the core
    std::function<bool()> is_heard;  // whether other nodes are there, who want to hear of commits; any core
};

class pg_backend final : public net::core_backend {
  public:
    pg_backend(net::core_thread& core, const pg_backend_options& options);

    journal& log() override { return journal_; }
    accounts& people() override { return accounts_; }
    qtable::records& records() override { return records_; }
    void start(std::function<void()> available) override;
    void stop() override;
    // On its core: where new connections go from now on.
    void retarget(const storage::connect_target& target);
    std::span<const net::counted_connection> connections() const noexcept override { return counted_; }

  private:
    storage::pg_connection writes_, loads_, people_;
    storage::pg_journal journal_;
    storage::accounts_store accounts_;
    storage::records_store records_;
    std::array<net::counted_connection, 3> counted_;
};

}  // namespace qtable::tools
