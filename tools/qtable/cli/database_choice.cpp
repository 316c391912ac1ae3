#include "tools/qtable/cli/database_choice.hpp"

#include <CLI/CLI.hpp>

#include "storage/migrations/migrator.hpp"
#include "storage/pg/blocking.hpp"
#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

void add_database_flags(CLI::App& command, database_choice& to) {
    CLI::Option* const dir = command.add_option(
        "--data-dir", to.data_dir, "the directory of `qtable dev`, which may be running or stopped");
    CLI::Option* const url = command.add_option(
        "--database", to.url, "postgresql://… or a libpq connection string (DATABASE_URL, PG*)");
    dir->type_name("DIR")->excludes(url);
    url->type_name("URL");
}

std::string database_address(const std::string& given, const environment& from, const std::string& ways) {
    if (!given.empty()) return given;
    settings found;
    const setting* const url = &setting_named("db.url");
    resolve_settings(found, {&url, 1}, {}, from, platform_names::taken);
    if (!found.server.conninfo.empty()) return found.server.conninfo;
    for (const char* name : {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE", "PGPORT", "PGUSER"}) {
        if (from(name)) return {};
    }
    throw command_error(exit_configuration, "which database? " + ways + ", or set DATABASE_URL or PGHOST");
}

chosen_database::chosen_database(const database_choice& choice, const environment& from, schema_care care) {
    if (choice.data_dir.empty()) {
        conninfo_ = database_address(choice.url, from, "say --data-dir DIR or --database URL");
    } else {
        server_ = std::make_unique<private_postgres>(private_postgres::options{choice.data_dir, true, {}});
        server_->attach_or_start();
        conninfo_ = server_->conninfo();
    }
    if (care == schema_care::none) return;
    storage::blocking_connection database(conninfo_);
    storage::migrator schema(database);
    if (server_ && server_->started_here()) {
        schema.up();
    } else {
        schema.verify();
    }
}

}  // namespace qtable::tools
