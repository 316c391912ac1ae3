// pg_wire over libpq. Owner: one pg_connection.
#pragma once

#include "storage/pg/options.hpp"
#include "storage/pg/wire.hpp"

struct pg_conn;

namespace qtable::storage {

class libpq_wire final : public pg_wire {
  public:
    libpq_wire() = default;
    ~libpq_wire() override;
    libpq_wire(const libpq_wire&) = delete;
    libpq_wire& operator=(const libpq_wire&) = delete;

    progress connect(const connect_target& target) override;
    progress poll() override;
    bool enter_pipeline() override;
    bool send_prepare(const statement& what, const params& with) override;
    bool send_prepared(const statement& what, const params& with) override;
    bool send_unprepared(const statement& what, const params& with) override;
    bool send_sync() override;
    flushed flush() override;
    bool consume_input() override;
    bool busy() override;
    answer next_answer() override;
    std::optional<notification> next_notification() override;
    std::string error() const override;
    int socket() const override;
    void finish() override;

  private:
    pg_conn* conn_ = nullptr;
    params::view view_;
    std::string name_, sql_;   // libpq wants them zero-terminated
    std::string last_notice_;  // the server ends an idle session with one
};

// What every connection of ours asks for unless the operator said otherwise: keepalive, no Kerberos look-ups,
// UTF-8.
void apply_defaults(connect_target& target, const pg_options& options);

// The first line of a libpq message, cut to `limits::pg_error_message_chars`.
std::string one_line(std::string_view message);
// The error of a failed result.
unit_failure failure_of(const pg_result* result);

}  // namespace qtable::storage
