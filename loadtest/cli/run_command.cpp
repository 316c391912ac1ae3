#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>

#include "loadtest/cli/program.hpp"
#include "loadtest/failure.hpp"
#include "loadtest/report/page.hpp"
#include "loadtest/report/text_table.hpp"
#include "loadtest/scenario/run_scenario.hpp"

namespace qtable::loadtest {

namespace {

constexpr double day_s = 24 * 3600;
constexpr std::uint64_t seed_max = (std::uint64_t{1} << 53) - 1;  // what JSON's numbers hold everywhere

struct run_flags {
    run_options options;
    std::string scenario, arrivals = "poisson", staff_token;
    double rate = 0;
    int sockets = -1;
    std::vector<std::string> thresholds, near;
};

std::string names_of_scenarios() {
    std::string names;
    for (const scenario& each : scenarios()) names.append(names.empty() ? "" : ", ").append(each.name);
    return names;
}

point parse_point(const std::string& text) {
    const std::size_t comma = text.find(',');
    try {
        if (comma == std::string::npos) throw std::invalid_argument(text);
        std::size_t used_a = 0, used_b = 0;
        const std::string latitude = text.substr(0, comma), longitude = text.substr(comma + 1);
        const point made{std::stod(latitude, &used_a), std::stod(longitude, &used_b)};
        const bool is_inside =
            made.latitude >= -90 && made.latitude <= 90 && made.longitude >= -180 && made.longitude <= 180;
        if (used_a != latitude.size() || used_b != longitude.size() || !is_inside)
            throw std::invalid_argument(text);
        return made;
    } catch (const std::logic_error&) {
        throw usage_error("--near " + text + ": wants LAT,LON in degrees, like 55.68,12.57");
    }
}

// "@FILE": what stands in the file.
std::string read_staff_token(const std::string& given) {
    if (!given.starts_with('@')) return given;
    std::ifstream file(given.substr(1));
    std::string token;
    if (!(file >> token)) throw usage_error("--staff-token " + given + ": can't be read, or is empty");
    return token;
}

void check_writable(const std::string& path, const char* flag) {
    if (path.empty()) return;
    // Appending nothing: a run that can't be kept fails before it begins.
    std::ofstream file(path, std::ios::app);
    if (!file) throw usage_error(std::string(flag) + ' ' + path + ": can't be written");
}

run_options resolve(const run_flags& flags) {
    run_options made = flags.options;
    made.what = find_scenario(flags.scenario);
    if (made.what == nullptr)
        throw usage_error("--scenario " + flags.scenario + ": is none of " + names_of_scenarios());
    if (made.is_closed && flags.rate > 0)
        throw usage_error("--closed and --rate exclude each other: a closed loop is as fast as the answers");
    made.rate = made.is_closed ? 0 : flags.rate > 0 ? flags.rate : made.what->rate;
    const auto arrivals = parse_arrival_kind(flags.arrivals);
    if (!arrivals) throw usage_error("--arrivals " + flags.arrivals + ": is neither poisson nor even");
    made.arrivals = *arrivals;
    made.sockets = flags.sockets >= 0 ? static_cast<unsigned>(flags.sockets) : made.what->sockets;
    if (made.what->needs_sockets && made.sockets == 0)
        throw usage_error("scenario " + flags.scenario + " needs sockets: --sockets 0 leaves none");
    if (made.connections < made.threads)
        throw usage_error("--connections " + std::to_string(made.connections) + ": each of the " +
                          std::to_string(made.threads) + " threads needs one");
    if (!made.blip_command.empty() && made.what->what != drama::blip)
        throw usage_error("--blip-command: only the scenario db-blip runs it");
    if (!made.only_path.empty() && (made.what->books() || made.only_path.front() != '/'))
        throw usage_error("--path " + made.only_path +
                          ": begins with / and is for the scenarios search and availability");
    for (const std::string& each : flags.near) made.near.push_back(parse_point(each));
    for (const std::string& each : flags.thresholds) made.thresholds.push_back(parse_threshold(each));
    made.staff_token = read_staff_token(flags.staff_token);
    check_writable(made.json_file, "--json");
    check_writable(made.html_file, "--html");
    return made;
}

int run_load(const run_flags& flags) {
    const run_options options = resolve(flags);
    run_report report;
    {
        live_line live(options.is_quiet, options.shows_progress);
        report = run_scenario(options, live);
    }
    if (!options.json_file.empty()) write_file(options.json_file, to_json(report), "--json");
    if (!options.html_file.empty()) write_file(options.html_file, run_page(report), "--html");
    std::string text;
    if (!options.is_quiet) text += '\n' + summary_text(report) + '\n';
    for (const std::string& each : report.notes) text += "note: " + each + '\n';
    std::fputs((text + verdict_text(report)).c_str(), stdout);
    return report.exit_code();
}

void add_load_flags(CLI::App& app, run_flags& flags) {
    run_options& to = flags.options;
    app.add_option("--target", to.target_url, "where the server is")->required()->type_name("URL");
    app.add_option("--scenario", flags.scenario, names_of_scenarios())->required()->type_name("NAME");
    app.add_option("--rate", flags.rate, "requests a second, whatever is answered [the scenario's]")
        ->check(CLI::Range(0.1, 10e6))
        ->type_name("R");
    app.add_flag("--closed", to.is_closed,
                 "instead: each connection sends its next request when it has its answer");
    app.add_option("--arrivals", flags.arrivals, "poisson, as people come, or even [poisson]")
        ->type_name("KIND");
    app.add_option("--duration", to.duration_s, "seconds that are measured [30]")
        ->check(CLI::Range(0.5, day_s))
        ->type_name("S");
    app.add_option("--warmup", to.warmup_s, "seconds before that aren't [2]")
        ->check(CLI::Range(0.0, day_s))
        ->type_name("S");
    app.add_option("--connections", to.connections, "kept-alive connections of all threads [64]")
        ->check(CLI::Range(1U, 60'000U))
        ->type_name("N");
    app.add_option("--threads", to.threads, "threads of load [1]; sockets have one more")
        ->check(CLI::Range(1U, 64U))
        ->type_name("T");
    app.add_option("--timeout", to.timeout_s, "seconds until an answer counts as missing [10]")
        ->check(CLI::Range(0.1, 600.0))
        ->type_name("S");
    app.add_option("--seed", to.seed, "the same seed, the same requests at the same times [1]")
        ->check(CLI::Range(std::uint64_t{0}, seed_max))
        ->type_name("N");
}

void add_world_flags(CLI::App& app, run_flags& flags) {
    run_options& to = flags.options;
    app.add_option("--near", flags.near,
                   "where to look for restaurants, 100 km around; repeatable [the demo city's place]")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("LAT,LON");
    app.add_option("--restaurants", to.restaurants, "at most so many of them [1000]")
        ->check(CLI::Range(1U, 100'000U))
        ->type_name("N");
    app.add_option("--path", to.only_path, "search, availability: ask for this alone, the same each time")
        ->type_name("PATH");
    app.add_option("--customers", to.customers, "accounts to make [32]")
        ->check(CLI::Range(1U, 10'000U))
        ->type_name("N");
    app.add_option("--tokens", to.tokens_file, "customers' tokens, one a line, instead of accounts")
        ->type_name("FILE");
    app.add_option("--staff-token", flags.staff_token,
                   "work at this account's restaurants instead of making some")
        ->type_name("T|@FILE");
    app.add_option("--sockets", flags.sockets, "WebSockets of all sides [the scenario's]")
        ->check(CLI::Range(0, 50'000))
        ->type_name("N");
    app.add_flag("--customers-only", to.has_customers_only, "leave out what staff and sockets do");
    app.add_flag("--verify", to.is_verified, "look up every confirmation afterwards, in any scenario");
    app.add_option("--blip-command", to.blip_command, "db-blip: a shell command that interrupts the database")
        ->type_name("CMD");
    app.add_flag("--i-own-this-target", to.is_owned, "the target may be another machine than this");
}

void add_output_flags(CLI::App& app, run_flags& flags) {
    run_options& to = flags.options;
    app.add_option(
           "--threshold", flags.thresholds,
           "what must be kept, repeatable: p99<5ms, book.p99<20ms, event_p99<50ms, errors<1%, rate>1000")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("NAME<LIMIT");
    app.add_option("--json", to.json_file, "write the figures here")->type_name("FILE");
    app.add_option("--html", to.html_file, "write a page here, one file that needs no other")
        ->type_name("FILE");
    app.add_flag("--progress", to.shows_progress, "a line a second also when stderr is no terminal");
    app.add_flag("--quiet", to.is_quiet, "only what was kept and missed");
}

}  // namespace

command add_run_command(CLI::App& program) {
    const auto flags = std::make_shared<run_flags>();
    CLI::App* const app = program.add_subcommand("run", "Loads a server as a scenario says, and reports.");
    add_load_flags(*app, *flags);
    add_world_flags(*app, *flags);
    add_output_flags(*app, *flags);
    std::string about = "Scenarios:\n";
    for (const scenario& each : scenarios())
        about += "  " + std::string(each.name) + ": " + std::string(each.about) + '\n';
    app->footer(about + '\n' +
                examples("qtable-load run --target http://127.0.0.1:8080 --scenario dinner-rush --rate 500 "
                         "--threshold 'p99<10ms' --html rush.html",
                         "qtable-load run --target http://127.0.0.1:8080 --scenario availability --closed "
                         "--connections 64 --duration 10"));
    return {app, [flags] { return run_load(*flags); }};
}

}  // namespace qtable::loadtest
