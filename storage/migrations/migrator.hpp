// Brings a database's schema to what this binary needs: numbered SQL files (NNNN_name.sql in this folder,
// embedded at build time), each applied once, in order, in a transaction of its own, under an advisory lock
// that other nodes respect. What was applied is a row of `schema_migrations`; a file that changed afterwards
// is an error. Owner: the start-up thread. Errors: pg_error, migration_error (one clear line).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "storage/pg/blocking.hpp"

namespace qtable::storage {

struct migration {
    int version = 0;
    std::string_view name;
    std::string_view checksum;  // SHA-256 of the file, hex
    std::string_view sql;
};

// In ascending order of version.
std::span<const migration> embedded_migrations() noexcept;

class migration_error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct migration_status {
    int version = 0;
    std::string name;
    bool applied = false;
    bool changed = false;  // the file isn't the one that was applied
    bool unknown = false;  // applied by a newer binary
    std::string applied_at;
};

class migrator {
  public:
    explicit migrator(blocking_connection& database,
                      std::span<const migration> migrations = embedded_migrations());

    // Every migration that is known or applied, in order. Changes nothing.
    std::vector<migration_status> status();
    // What up() would apply. Throws when an applied one has changed.
    std::vector<migration> plan();
    // Applies what is missing; `applied` is told each one. Returns how many. Throws when an applied one has
    // changed.
    int up(const std::function<void(const migration&)>& applied = {});
    // Throws unless the schema is exactly what this binary needs: says what is missing, changed or newer. A
    // schema that is only newer passes with `allow_newer`.
    void verify(bool allow_newer = false);

  private:
    bool apply(const migration& next);
    bool has_table();

    blocking_connection& database_;
    std::span<const migration> migrations_;
};

}  // namespace qtable::storage
