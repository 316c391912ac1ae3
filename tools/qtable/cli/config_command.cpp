// `qtable config`: what serve would run with, whether it could, and the file to begin with.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/config_file.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/serve_settings.hpp"
#include "tools/qtable/cli/setting_flags.hpp"

namespace qtable::tools {

namespace {

// Calls `line(setting)` for each, below a heading for each section.
template <class Line>
void print_sections(Line&& line) {
    std::string_view section;
    for (const setting& each : all_settings()) {
        if (each.section() != section) {
            std::printf("%s[%.*s]\n", section.empty() ? "" : "\n", static_cast<int>(each.section().size()),
                        each.section().data());
            section = each.section();
        }
        line(each);
    }
}

int run_print(const setting_flags& given) {
    serve_settings found = read_serve_settings(given);
    print_sections([&found](const setting& each) {
        const auto from = found.sources.find(each.name);
        std::printf("%s  # %s\n", toml_line(each, found.chosen).c_str(),
                    from != found.sources.end() ? from->second.c_str() : "default");
    });
    return exit_ok;
}

int run_check(const setting_flags& given) {
    resolve_serve_settings(given);
    std::puts("the configuration is good; `qtable doctor` also looks at what it names");
    return exit_ok;
}

int run_default() {
    settings defaults;
    std::puts(
        "# QTable's settings with their defaults. Flags and environment variables come before this file.");
    print_sections([&defaults](const setting& each) {
        std::printf("# %.*s\n#   %.*s, %s\n", static_cast<int>(each.help.size()), each.help.data(),
                    static_cast<int>(each.flag.size()), each.flag.data(), environment_name(each).c_str());
        std::printf("# %s\n", toml_line(each, defaults).c_str());
    });
    return exit_ok;
}

void add_with_settings(CLI::App& config, commands& to, const std::string& name, const std::string& help,
                       int (*run)(const setting_flags&)) {
    CLI::App* const app = config.add_subcommand(name, help);
    const auto given = std::make_shared<setting_flags>(*app, settings{}, platform_names::taken,
                                                       [](const setting&) { return true; });
    app->footer(examples("qtable config " + name + " --config /etc/qtable.toml",
                         "PORT=8080 qtable config " + name + " --strict"));
    to.push_back({app, [given, run] { return run(*given); }});
}

}  // namespace

void add_config_commands(CLI::App& program, commands& to) {
    CLI::App* const config = program.add_subcommand(
        "config", "The server's settings: flag, then environment, then file, then default.");
    config->footer(
        examples("qtable config default >qtable.toml", "qtable config print --config qtable.toml"));
    add_with_settings(*config, to, "print",
                      "What serve would run with and where each value is from; secrets aren't shown.",
                      run_print);
    add_with_settings(*config, to, "check", "Whether serve could run with it: exit code 0, else 2.",
                      run_check);
    CLI::App* const defaults = config->add_subcommand("default", "A file with every setting, to begin with.");
    defaults->footer(examples("qtable config default", "qtable config default >/etc/qtable.toml"));
    to.push_back({defaults, [] { return run_default(); }});
}

}  // namespace qtable::tools
