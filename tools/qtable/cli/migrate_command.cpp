#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "storage/migrations/migrator.hpp"
#include "storage/pg/blocking.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/database_choice.hpp"
#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

void print(int version, std::string_view name, std::string_view state) {
    std::printf("%04d_%.*s  %.*s\n", version, static_cast<int>(name.size()), name.data(),
                static_cast<int>(state.size()), state.data());
}

int up(storage::migrator& schema) {
    const int count =
        schema.up([](const storage::migration& each) { print(each.version, each.name, "applied"); });
    if (count == 0) std::puts("the schema is up to date");
    return exit_ok;
}

int status(storage::migrator& schema) {
    for (const storage::migration_status& each : schema.status()) {
        std::string state = each.applied ? "applied " + each.applied_at : "missing";
        if (each.changed) state += ", but the file has changed since";
        if (each.unknown) state += ", by a newer program";
        print(each.version, each.name, state);
    }
    return exit_ok;
}

int verify(storage::migrator& schema) {
    schema.verify();
    std::puts("the schema is what this program needs");
    return exit_ok;
}

int plan(storage::migrator& schema) {
    const auto missing = schema.plan();
    for (const storage::migration& each : missing) print(each.version, each.name, "would be applied");
    if (missing.empty()) std::puts("the schema is up to date");
    return exit_ok;
}

void add(CLI::App& parent, commands& to, const std::string& name, const std::string& help,
         int (*run)(storage::migrator&)) {
    const auto flags = std::make_shared<database_choice>();
    CLI::App* const app = parent.add_subcommand(name, help);
    add_database_flags(*app, *flags);
    app->footer(examples("qtable migrate " + name + " --data-dir ./var",
                         "qtable migrate " + name + " --database postgresql://qtable@db/qtable"));
    to.push_back({app, [flags, run] {
                      const chosen_database chosen(*flags, process_environment(), schema_care::none);
                      storage::blocking_connection database(chosen.conninfo(), "qtable migrate");
                      storage::migrator schema(database);
                      return run(schema);
                  }});
}

}  // namespace

void add_migrate_commands(CLI::App& program, commands& to) {
    CLI::App* const app =
        program.add_subcommand("migrate", "Brings a database's schema up to date, or says how it stands.");
    app->footer(examples("qtable migrate up --data-dir ./var",
                         "qtable migrate status --database postgresql://qtable@db/qtable"));
    add(*app, to, "up", "Applies what is missing, each migration in a transaction of its own.", up);
    add(*app, to, "status", "Lists every migration and whether it is applied.", status);
    add(*app, to, "verify", "Exit code 3 unless the schema is exactly what this program needs.", verify);
    add(*app, to, "plan", "Lists what `up` would apply.", plan);
}

}  // namespace qtable::tools
