#include "tools/qtable/cli/program.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "net/api/app_options.hpp"
#include "net/auth/random.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

constexpr std::size_t flags_column = 40;

int say(int code, const std::string& what) {
    std::fflush(stdout);
    std::fprintf(stderr, "qtable: %s\n", one_line(what).c_str());
    return code;
}

// The innermost command that was named.
const CLI::App& chosen(const CLI::App& program) {
    const CLI::App* at = &program;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    return *at;
}

std::string words_of(const CLI::App& app) {
    const CLI::App* const parent = app.get_parent();
    return parent == nullptr ? app.get_name() : words_of(*parent) + ' ' + app.get_name();
}

int run_chosen(CLI::App& program, const commands& known, int argc, char** argv) {
    try {
        program.parse(argc, argv);
    } catch (const CLI::Success& wanted) {  // --help, --version
        return program.exit(wanted);
    } catch (const CLI::ParseError& wrong) {
        return say(exit_configuration,
                   std::string(wrong.what()) + " (see " + words_of(chosen(program)) + " --help)");
    }
    net::start_crypto();
    for (const command& each : known) {
        if (each.app == &chosen(program)) return each.run();
    }
    return say(exit_configuration, "a command is missing (see " + words_of(chosen(program)) + " --help)");
}

}  // namespace

std::string examples(const std::string& first, const std::string& second) {
    return "Examples:\n  " + first + "\n  " + second;
}

int run_program(int argc, char** argv) {
    try {
        CLI::App program("QTable: restaurants, availability, reservations and live updates in one server.",
                         "qtable");
        program.get_formatter()->column_width(flags_column);
        program.set_version_flag("--version", "qtable " + net::app_options{}.version);
        // Said twice, the last one counts: scripts put their defaults first.
        program.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        program.footer(examples("qtable dev --data-dir ./var",
                                "qtable serve --database postgresql://qtable@db/qtable --migrate"));
        commands known;
        add_dev_command(program, known);
        add_serve_command(program, known);
        add_migrate_commands(program, known);
        add_seed_command(program, known);
        add_import_command(program, known);
        add_owner_commands(program, known);
        add_token_commands(program, known);
        add_events_commands(program, known);
        add_config_commands(program, known);
        add_doctor_command(program, known);
        add_check_command(program, known);
        add_healthcheck_command(program, known);
        add_jws_command(program, known);
        add_document_commands(program, known);
        add_completion_command(program, known);
        return run_chosen(program, known, argc, argv);
    } catch (const std::exception& failure) {
        return say(exit_code_of(failure), failure.what());
    }
}

}  // namespace qtable::tools
