#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "net/rt/log.hpp"
#include "storage/migrations/migrator.hpp"
#include "storage/pg/blocking.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/demo.hpp"
#include "tools/qtable/cli/dev_pages.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/running.hpp"
#include "tools/qtable/cli/setting_flags.hpp"
#include "tools/qtable/cli/token_key.hpp"
#include "tools/qtable/cli/wall_clock.hpp"
#include "tools/qtable/private_postgres.hpp"
#include "tools/qtable/serve.hpp"

namespace qtable::tools {

namespace fs = std::filesystem;

namespace {

// What a data directory decides by itself.
bool is_of_dev(const setting& each) {
    return each.section() != "db" && each.section() != "mail" && each.name != "auth.token_key";
}

settings dev_defaults() {
    settings made;
    made.server.app.is_loopback_exempt = true;
    made.server.app.has_console = true;
    return made;
}

struct dev_flags {
    std::string data_dir = "./var";
    bool no_demo = false;
    bool no_fsync = false;
    std::unique_ptr<setting_flags> settings_given;
};

// How this program is called from here.
std::string program_path() {
    std::error_code failed;
    const fs::path path = fs::read_symlink("/proc/self/exe", failed);
    if (failed) return "qtable";
    const fs::path near = fs::proximate(path, failed);
    return failed || near.string().size() > path.string().size() || near == path.filename() ? path.string()
                                                                                            : near.string();
}

// A restaurant of the demo to show; empty without a demo.
std::string prepare_database(const std::string& conninfo, const dev_flags& flags) {
    storage::blocking_connection database(conninfo, "qtable dev");
    storage::migrator(database).up([](const storage::migration& each) { say_migrated(each.version); });
    if (flags.no_demo) return {};
    ensure_demo_city(database, flags.data_dir);
    ensure_demo_login(database);
    return demo_restaurant_id(database);
}

int run_dev(const dev_flags& flags) {
    settings chosen = dev_defaults();
    const setting_sources sources = flags.settings_given->resolve(chosen, process_environment());
    serve_options& server = chosen.server;
    stop_at_once_on_signals();

    require_sane(server);
    const data_dir_lock lock(flags.data_dir);
    // Who tries things out reads it; stdout has the one line that scripts wait for.
    choose_log_format(server.log_format == "auto" ? "text" : server.log_format);
    require_free_port(server.address, server.port);
    server.token_key = data_dir_token_key(flags.data_dir);
    server.mail_dir = fs::path(flags.data_dir) / "mail";
    fs::create_directories(server.mail_dir);
    fs::permissions(server.mail_dir, fs::perms::owner_all);  // letters hold tokens
    if (!sources.contains("http.public_url") && server.port != 0)
        server.app.public_url = url_of(server, server.port);

    net::write_log(net::log_level::info, "starting the private PostgreSQL");
    private_postgres database({flags.data_dir, !flags.no_fsync, {}});
    database.start();
    server.conninfo = database.conninfo();
    const std::string shown = prepare_database(server.conninfo, flags);
    server.app.dev_answer = dev_answer_of(server.mail_dir, !shown.empty());

    const int code = serve(server, [&](std::uint16_t port) {
        const std::string url = url_of(server, port);
        say_listening(url);
        if (shown.empty()) return;
        const date tomorrow{static_cast<std::int32_t>(wall_clock().ms / ms_per_day) + 1};
        std::fputs(
            demo_banner({program_path(), url, flags.data_dir, shown, to_string(tomorrow), server.conninfo})
                .c_str(),
            stderr);
    });
    database.stop();
    return code;
}

}  // namespace

void add_dev_command(CLI::App& program, commands& to) {
    const auto flags = std::make_shared<dev_flags>();
    CLI::App* const app = program.add_subcommand(
        "dev",
        "A whole server of your own: private PostgreSQL, demo city, tokens and mails in one directory.");
    app->add_option("--data-dir", flags->data_dir, "holds all of it [" + flags->data_dir + "]")
        ->type_name("DIR");
    app->add_flag("--no-demo", flags->no_demo, "an empty database stays empty");
    app->add_flag("--no-fsync", flags->no_fsync, "faster; a power cut may cost the database");
    flags->settings_given =
        std::make_unique<setting_flags>(*app, dev_defaults(), platform_names::ignored, is_of_dev);
    app->footer(examples("qtable dev", "qtable dev --port 9000 --data-dir /tmp/trial --no-demo"));
    to.push_back({app, [flags] { return run_dev(*flags); }});
}

}  // namespace qtable::tools
