#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/health_probe.hpp"
#include "tools/qtable/cli/settings.hpp"

namespace qtable::tools {

namespace {

constexpr int timeout_s = 5;
constexpr int http_ok = 200;

// Of the server in the same container: it has the same environment.
std::string default_url() {
    settings found;
    const std::array<const setting*, 2> asked = {&setting_named("listen.port"),
                                                 &setting_named("tls.certificate_file")};
    resolve_settings(found, asked, {}, process_environment(), platform_names::taken);
    const std::string scheme = found.server.certificate_file.empty() ? "http" : "https";
    return scheme + "://127.0.0.1:" + std::to_string(found.server.port);
}

}  // namespace

void add_healthcheck_command(CLI::App& program, commands& to) {
    const auto url = std::make_shared<std::string>();
    CLI::App* const app = program.add_subcommand(
        "healthcheck", "Asks a server whether it is ready: exit code 0, else 1. For images without a shell.");
    app->add_option("--url", *url,
                    "[http://127.0.0.1:PORT/healthz; https when the environment names a certificate]")
        ->type_name("URL");
    app->footer(examples("qtable healthcheck", "qtable healthcheck --url https://127.0.0.1:9000/readyz"));
    to.push_back({app, [url] {
                      const int status =
                          probe(parse_probe_url(url->empty() ? default_url() : *url), timeout_s);
                      if (status == http_ok) return exit_ok;
                      throw command_error(exit_failed, "not ready: HTTP status " + std::to_string(status));
                  }});
}

}  // namespace qtable::tools
