#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "net/rt/log.hpp"
#include "storage/migrations/migrator.hpp"
#include "storage/pg/blocking.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/database_choice.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/running.hpp"
#include "tools/qtable/cli/serve_settings.hpp"
#include "tools/qtable/cli/setting_flags.hpp"
#include "tools/qtable/serve.hpp"

namespace qtable::tools {

namespace {

constexpr std::int64_t hundred_years_ms = 100LL * 366 * ms_per_day;

void wait_for_database(const settings& chosen) {
    const std::int64_t most_ms =
        chosen.database_wait_ms == wait_for_ever ? hundred_years_ms : chosen.database_wait_ms;
    const bool is_there =
        storage::wait_for_server(chosen.server.conninfo, most_ms, [](std::string_view reason) {
            net::write_log(net::log_level::warning, "waiting for the database: " + one_line(reason));
        });
    if (!is_there) {
        throw command_error(exit_check,
                            "the database didn't answer within " + std::to_string(most_ms) + " ms");
    }
}

int run_serve(const setting_flags& given) {
    settings chosen = resolve_serve_settings(given).chosen;
    choose_log_format(chosen.server.log_format);
    stop_at_once_on_signals();
    require_free_port(chosen.server.address, chosen.server.port);
    wait_for_database(chosen);
    if (chosen.migrate) {
        storage::blocking_connection database(chosen.server.conninfo, "qtable migrate");
        storage::migrator(database).up([](const storage::migration& each) { say_migrated(each.version); });
    }
    // It refuses a schema that is behind.
    chosen.server.notify_socket = process_environment()("NOTIFY_SOCKET").value_or("");
    return serve(chosen.server, [&](std::uint16_t port) { say_listening(url_of(chosen.server, port)); });
}

}  // namespace

void add_serve_command(CLI::App& program, commands& to) {
    CLI::App* const app = program.add_subcommand(
        "serve", "The server in production. Every setting has a flag and a variable; the flag wins.");
    const auto given = std::make_shared<setting_flags>(*app, settings{}, platform_names::taken,
                                                       [](const setting&) { return true; });
    app->footer(
        examples("DATABASE_URL=postgresql://qtable@db/qtable QTABLE_AUTH_TOKEN_KEY_FILE=/run/secrets/key "
                 "qtable serve --migrate",
                 "qtable serve --address 0.0.0.0 --port 443 --tls-certificate chain.pem --tls-key key.pem "
                 "--cors-origin https://app.example.com"));
    to.push_back({app, [given] { return run_serve(*given); }});
}

}  // namespace qtable::tools
