// `report` and `compare`: what is made of the JSON of runs.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "loadtest/cli/program.hpp"
#include "loadtest/failure.hpp"
#include "loadtest/report/comparison.hpp"
#include "loadtest/report/page.hpp"
#include "loadtest/report/text_table.hpp"

namespace qtable::loadtest {

namespace {

struct file_flags {
    std::string first, second, html;
};

std::string short_name(const std::string& path) {
    return std::filesystem::path(path).filename().string();
}

int run_report_command(const file_flags& flags) {
    const run_report run = read_run_report(flags.first);
    if (!flags.html.empty()) {
        write_file(flags.html, run_page(run), "--html");
        return exit_ok;
    }
    std::fputs((summary_text(run) + '\n' + verdict_text(run)).c_str(), stdout);
    return exit_ok;
}

int run_compare_command(const file_flags& flags) {
    const run_report a = read_run_report(flags.first), b = read_run_report(flags.second);
    const std::string a_name = short_name(flags.first), b_name = short_name(flags.second);
    std::fputs(comparison_text(a, b, a_name, b_name).c_str(), stdout);
    if (!flags.html.empty()) write_file(flags.html, compare_page(a, b, a_name, b_name), "--html");
    return exit_ok;
}

}  // namespace

command add_report_command(CLI::App& program) {
    const auto flags = std::make_shared<file_flags>();
    CLI::App* const app =
        program.add_subcommand("report", "Shows a run again: as a page, or in the terminal.");
    app->add_option("run", flags->first, "JSON of a run")->required()->type_name("RUN.json");
    app->add_option("--html", flags->html, "write the page here, one file that needs no other")
        ->type_name("FILE");
    app->footer(examples("qtable-load report rush.json --html rush.html", "qtable-load report rush.json"));
    return {app, [flags] { return run_report_command(*flags); }};
}

command add_compare_command(CLI::App& program) {
    const auto flags = std::make_shared<file_flags>();
    CLI::App* const app =
        program.add_subcommand("compare", "Two runs figure by figure, the second against the first.");
    app->add_option("a", flags->first, "JSON of the first run")->required()->type_name("A.json");
    app->add_option("b", flags->second, "JSON of the second run")->required()->type_name("B.json");
    app->add_option("--html", flags->html, "write a page that overlays them")->type_name("FILE");
    app->footer(examples("qtable-load compare before.json after.json",
                         "qtable-load compare qtable.json other.json --html compared.html"));
    return {app, [flags] { return run_compare_command(*flags); }};
}

}  // namespace qtable::loadtest
