// `qtable doctor`: what keeps a server from running, or from running well here, with the way out of it.
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "net/io/tls_context.hpp"
#include "net/rt/cgroup.hpp"
#include "storage/migrations/migrator.hpp"
#include "storage/pg/blocking.hpp"
#include "storage/zone/zone_loader.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/config_file.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/running.hpp"
#include "tools/qtable/cli/serve_settings.hpp"
#include "tools/qtable/cli/setting_flags.hpp"
#include "tools/qtable/cli/wall_clock.hpp"

namespace qtable::tools {

namespace {

constexpr rlim_t files_wanted = 65'536;
constexpr int server_version_min = 150'000;
constexpr int connections_a_core = 3, connections_else = 6;
constexpr double clock_skew_max_s = 2;
constexpr int zones_min = 300;

// What a check found; `fix` is empty when all is well. Advice doesn't keep anybody from serving.
struct finding {
    std::string detail, fix;
    bool is_advice = false;
};

class report {
  public:
    void line(const std::string& name, const std::function<finding()>& check) {
        finding found;
        try {
            found = check();
        } catch (const std::exception& failure) {
            found = {one_line(failure.what()), "see above", false};
        }
        const bool is_good = found.fix.empty();
        is_well_ = is_well_ && (is_good || found.is_advice);
        std::printf("%s %-12s %s\n",
                    is_good           ? "ok  "
                    : found.is_advice ? "warn"
                                      : "FAIL",
                    name.c_str(), found.detail.c_str());
        if (!is_good) std::printf("     %-12s fix: %s\n", "", found.fix.c_str());
    }
    void skip(const std::string& name, const std::string& why) {
        std::printf("--   %-12s %s\n", name.c_str(), why.c_str());
    }
    bool is_well() const noexcept { return is_well_; }

  private:
    bool is_well_ = true;
};

finding check_files() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    const std::string detail = std::to_string(limit.rlim_cur) + " file descriptors, one a connection";
    if (limit.rlim_cur >= files_wanted) return {detail, "", false};
    return {detail,
            "raise it: `ulimit -n " + std::to_string(files_wanted) +
                "`, or LimitNOFILE in the unit; enough for as many connections only",
            true};
}

finding check_port(const serve_options& server) {
    require_free_port(server.address, server.port);
    return {server.address + " port " + std::to_string(server.port) + " is free", "", false};
}

finding check_tls(const serve_options& server) {
    if (server.certificate_file.empty())
        return {"off: a proxy in front, or nobody but this machine", "", false};
    std::string problem;
    if (net::tls_context::load(server.certificate_file, server.key_file, problem))
        return {server.certificate_file + " and its key fit", "", false};
    return {problem, "name a PEM chain and its key with --tls-certificate and --tls-key"};
}

finding check_key(const serve_options& server) {
    const std::size_t size = server.token_key.size();
    if (size >= 32) return {"a token key of " + std::to_string(size) + " bytes", "", false};
    return {size == 0 ? "no token key" : "the token key is shorter than 32 bytes",
            "QTABLE_AUTH_TOKEN_KEY_FILE with `openssl rand -base64 48`"};
}

finding check_zones() {
    storage::zone_loader zones;
    const auto count = static_cast<int>(zones.names().size());
    if (count >= zones_min) return {std::to_string(count) + " time zones", "", false};
    return {std::to_string(count) + " time zones", "install tzdata"};
}

finding check_mail(const serve_options& server) {
    if (!server.smtp.url.empty()) return {"letters go to " + server.smtp.url, "", false};
    if (!server.mail_dir.empty()) return {"letters become files in " + server.mail_dir.string(), "", false};
    return {"letters stay in the outbox: nobody gets one", "--smtp-url smtp://host:587", true};
}

// ---- the database

finding check_version(storage::blocking_connection& database) {
    const int version = database.server_version();
    const std::string detail = "PostgreSQL " + database.server_parameter("server_version");
    return {detail, version >= server_version_min ? "" : "PostgreSQL 15 or newer is needed"};
}

finding check_clock(storage::blocking_connection& database) {
    const instant before = wall_clock();
    const storage::rows said = database.query("select clock_timestamp()");
    const instant after = wall_clock();
    const double there_ms = static_cast<double>(said[0].get<instant>(0).ms);
    const double skew_s = (there_ms - static_cast<double>(before.ms + after.ms) / 2) / 1000;
    char text[80];
    std::snprintf(text, sizeof text, "the database's clock is %.2f s %s ours", std::fabs(skew_s),
                  skew_s < 0 ? "behind" : "ahead of");
    return {text, std::fabs(skew_s) <= clock_skew_max_s ? "" : "run a time daemon (chrony) on both machines"};
}

finding check_connections(storage::blocking_connection& database, const serve_options& server) {
    const int threads = static_cast<int>(server.threads != 0 ? server.threads : net::usable_cores());
    const int wanted = threads * connections_a_core + connections_else;
    const storage::rows said = database.query(
        "select current_setting('max_connections')::int8 - "
        "current_setting('superuser_reserved_connections')::int8 "
        "- (select count(*) from pg_stat_activity where backend_type = 'client backend')");
    const auto left = static_cast<int>(said[0].get<std::int64_t>(0));
    const std::string detail =
        std::to_string(left) + " connections are free, a node takes " + std::to_string(wanted);
    return {detail, left >= wanted ? "" : "raise max_connections, or lower --threads"};
}

finding check_commits(storage::blocking_connection& database) {
    const storage::rows said =
        database.query("select current_setting('synchronous_commit'), current_setting('fsync')");
    const std::string commit = said[0].get<std::string>(0), fsync = said[0].get<std::string>(1);
    const std::string detail = "synchronous_commit " + commit + ", fsync " + fsync;
    if (commit == "off")
        return {detail, "alter role … set synchronous_commit = on: confirmations could be lost"};
    return {detail, fsync == "on" ? "" : "fsync = on in postgresql.conf: a power cut could cost the database",
            true};
}

finding check_schema(storage::blocking_connection& database) {
    storage::migrator schema(database);
    std::size_t missing = 0;
    for (const storage::migration_status& each : schema.status()) missing += each.applied ? 0 : 1;
    if (missing == 0) {
        schema.verify(true);
        return {"the schema is what this program needs", "", false};
    }
    return {std::to_string(missing) + " migrations are missing", "`qtable migrate up`, or serve --migrate"};
}

void check_database(report& to, const serve_options& server) {
    std::unique_ptr<storage::blocking_connection> database;
    to.line("database", [&]() -> finding {
        try {
            database = std::make_unique<storage::blocking_connection>(server.conninfo, "qtable doctor");
            return {"it answers", "", false};
        } catch (const storage::pg_error& failure) {
            return {one_line(failure.what()),
                    "look at --database, DATABASE_URL or PGHOST, and whether it runs"};
        }
    });
    if (!database) return;
    to.line("version", [&] { return check_version(*database); });
    to.line("clock", [&] { return check_clock(*database); });
    to.line("connections", [&] { return check_connections(*database, server); });
    to.line("commits", [&] { return check_commits(*database); });
    to.line("schema", [&] { return check_schema(*database); });
}

int run_doctor(const setting_flags& given) {
    const serve_settings found = read_serve_settings(given);
    const serve_options& server = found.chosen.server;
    report made;
    made.line("files", check_files);
    made.line("time zones", check_zones);
    made.line("port", [&]() -> finding {
        try {
            return check_port(server);
        } catch (const command_error& failure) {
            return {one_line(failure.what()), "stop who listens there, or choose another with --port"};
        }
    });
    made.line("tls", [&] { return check_tls(server); });
    made.line("token key", [&] { return check_key(server); });
    made.line("mail", [&] { return check_mail(server); });
    check_database(made, server);
    return made.is_well() ? exit_ok : exit_check;
}

}  // namespace

void add_doctor_command(CLI::App& program, commands& to) {
    CLI::App* const app = program.add_subcommand("doctor",
                                                 "Looks at everything that serve would need here, with a way "
                                                 "out of what is wrong: exit code 0, else 3.");
    const auto given = std::make_shared<setting_flags>(*app, settings{}, platform_names::taken,
                                                       [](const setting&) { return true; });
    app->footer(examples("qtable doctor --config /etc/qtable.toml",
                         "DATABASE_URL=postgresql://qtable@db/qtable qtable doctor"));
    to.push_back({app, [given] { return run_doctor(*given); }});
}

}  // namespace qtable::tools
