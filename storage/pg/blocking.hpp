// A blocking connection for start-up, migrations and command-line tools. Never on a core's thread.
// Owner: the thread that made it. Errors are exceptions (`pg_error`) with one clear line: its users run at
// start-up.
#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "storage/pg/params.hpp"
#include "storage/pg/row.hpp"
#include "storage/pg/sqlstate.hpp"

struct pg_conn;  // libpq's PGconn

namespace qtable::storage {

class pg_error : public std::runtime_error {
  public:
    explicit pg_error(const std::string& what, sqlstate code = sqlstate("XX000"))
        : std::runtime_error(what), code_(code) {}
    const sqlstate& code() const noexcept { return code_; }

  private:
    sqlstate code_;
};

class blocking_connection {
  public:
    // `conninfo` as libpq takes it, also a URI; empty = the PG* environment. Waits at most
    // `connect_timeout_s` per host.
    explicit blocking_connection(const std::string& conninfo, const std::string& application_name = "qtable",
                                 int connect_timeout_s = 5);
    ~blocking_connection();
    blocking_connection(const blocking_connection&) = delete;
    blocking_connection& operator=(const blocking_connection&) = delete;

    // Any number of statements, text protocol; the result of the last (read it with row::raw).
    rows exec(const std::string& sql);
    // One statement with binary parameters and a binary result.
    rows query(const std::string& sql, const params& with = {});
    // The same for a result of any size: one row at a time, constant memory.
    void each_row(const std::string& sql, const params& with, const std::function<void(const row&)>& use);
    // The same for very many rows, by COPY: `sql` is a query without parameters.
    void each_copied(const std::string& sql, const std::function<void(const row&)>& use);
    // COPY … FROM STDIN: `produce` fills the buffer with the next chunk, false = no more. Returns the rows
    // copied.
    std::int64_t copy_in(const std::string& sql, const std::function<bool(std::string& chunk)>& produce);
    // COPY … TO STDOUT: `consume` gets one row's bytes at a time.
    void copy_out(const std::string& sql, const std::function<void(std::string_view chunk)>& consume);

    // The payload of the next notification on a channel that this session listens to; none within
    // `timeout_ms`.
    std::optional<std::string> wait_for_notification(std::int64_t timeout_ms);

    // A server's parameter such as "server_version"; empty when unknown.
    std::string server_parameter(const char* name) const;
    int server_version() const noexcept;  // 150018
    pg_conn* native() noexcept { return conn_; }

  private:
    [[noreturn]] void fail(const std::string& doing) const;
    rows checked(pg_result* result, const std::string& doing) const;

    pg_conn* conn_ = nullptr;
};

// Waits until the server takes connections, at most `timeout_ms`; `waiting` is called about once a second
// with the reason. False when the time is over. A refusal that waiting can't heal (password, no such
// database) throws at once.
bool wait_for_server(const std::string& conninfo, std::int64_t timeout_ms,
                     const std::function<void(std::string_view reason)>& waiting);

}  // namespace qtable::storage
