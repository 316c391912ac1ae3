// Which database a command works on: that of a data directory, whose private PostgreSQL it starts when no
// other process runs it, or the one at a URL. Main thread: the private server dies with the thread that
// started it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tools/qtable/cli/settings.hpp"
#include "tools/qtable/private_postgres.hpp"

namespace CLI {
class App;
}

namespace qtable::tools {

struct database_choice {
    std::string data_dir;
    std::string url;
};

// --data-dir and --database, one of them.
void add_database_flags(CLI::App& command, database_choice& to);

// The database's address from DATABASE_URL and its like when `given` is empty; an empty result means the PG*
// variables. Throws command_error when nothing says where it is; `ways` is what to say on the command line.
std::string database_address(const std::string& given, const environment& from, const std::string& ways);

enum class schema_care {
    none,
    // A private server that we start gets its schema brought up to date; any other must be so already.
    current
};

class chosen_database {
  public:
    chosen_database(const database_choice& choice, const environment& from, schema_care care);
    const std::string& conninfo() const noexcept { return conninfo_; }

  private:
    std::unique_ptr<private_postgres> server_;  // stops with us, if we started it
    std::string conninfo_;
};

}  // namespace qtable::tools
