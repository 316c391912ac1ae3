// What the tests here share: one private PostgreSQL for the whole program, and a loop that runs until
// something happened.
#pragma once

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "storage/pg/blocking.hpp"
#include "storage/pg/pg_connection.hpp"
#include "tools/qtable/private_postgres.hpp"

namespace qtable::storage::testing {

// A directory of its own under /tmp, removed at the end.
class temporary_directory {
  public:
    // `open` to other users, as a data directory usually is.
    explicit temporary_directory(bool open = true, const std::filesystem::path& below = "/tmp");
    ~temporary_directory();
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    const std::filesystem::path& path() const noexcept { return path_; }

  private:
    std::filesystem::path path_;
};

// Started by the program's main, fsync off.
tools::private_postgres& server();

// This program again, as another process that starts a private PostgreSQL on `data_dir` and waits for its
// end.
class other_process {
  public:
    explicit other_process(const std::filesystem::path& data_dir);
    ~other_process();
    other_process(const other_process&) = delete;
    other_process& operator=(const other_process&) = delete;
    void kill_9();

  private:
    pid_t pid_ = 0;
};
// What that process runs. Never returns.
[[noreturn]] void hold(const std::filesystem::path& data_dir);

// A test with an event loop, a fresh database, and connections to it.
class database_test : public ::testing::Test {
  protected:
    database_test();

    // Runs the loop until `done`; false after `limit`.
    bool run_until(const std::function<bool()>& done,
                   std::chrono::milliseconds limit = std::chrono::seconds(10));
    std::unique_ptr<pg_connection> connect(pg_options options = {});
    // Submits and waits for the answer.
    unit_result run(pg_connection& connection, unit work);
    static unit one(const statement& what, params with = {}, std::int64_t timeout_ms = 0);

    boost::asio::io_context io{1};
    std::string conninfo;
    blocking_connection control;  // to look at the database from beside

  private:
    std::string create();
};

}  // namespace qtable::storage::testing
