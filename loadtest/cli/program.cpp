#include "loadtest/cli/program.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "loadtest/failure.hpp"
#include "loadtest/wire/http_client.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::size_t flags_column = 34;
constexpr int exit_unforeseen = 1;

int say(int code, const std::string& what) {
    std::fflush(stdout);
    std::fprintf(stderr, "qtable-load: %s\n", one_line(what).c_str());
    return code;
}

const CLI::App& chosen(const CLI::App& program) {
    return program.get_subcommands().empty() ? program : *program.get_subcommands().front();
}

std::string how_to_help(const CLI::App& program) {
    const CLI::App& at = chosen(program);
    return " (see qtable-load " + (&at == &program ? "" : at.get_name() + ' ') + "--help)";
}

int run_chosen(CLI::App& program, const std::vector<command>& known, int argc, char** argv) {
    try {
        program.parse(argc, argv);
    } catch (const CLI::Success& wanted) {  // --help
        return program.exit(wanted);
    } catch (const CLI::ParseError& wrong) {
        return say(exit_configuration, wrong.what() + how_to_help(program));
    }
    for (const command& each : known) {
        if (each.app == &chosen(program)) return each.run();
    }
    return say(exit_configuration, "a command is missing" + how_to_help(program));
}

}  // namespace

std::string examples(const std::string& first, const std::string& second) {
    return "Examples:\n  " + first + "\n  " + second;
}

int run_program(int argc, char** argv) {
    try {
        CLI::App program(
            "Puts load on a QTable server, or any that speaks its API, and says how it bore it.\n"
            "Exit codes: 0 all kept, 2 configuration, 3 a failed check, 4 a missed threshold.",
            "qtable-load");
        program.get_formatter()->column_width(flags_column);
        // Said twice, the last one counts: scripts put their defaults first.
        program.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        program.footer(examples("qtable-load run --target http://127.0.0.1:8080 --scenario dinner-rush",
                                "qtable-load compare before.json after.json --html compared.html"));
        return run_chosen(
            program, {add_run_command(program), add_compare_command(program), add_report_command(program)},
            argc, argv);
    } catch (const usage_error& failure) {
        return say(exit_configuration, failure.what());
    } catch (const no_answer& failure) {
        return say(exit_configuration, failure.what());
    } catch (const std::exception& failure) {
        return say(exit_unforeseen, failure.what());
    }
}

}  // namespace qtable::loadtest
