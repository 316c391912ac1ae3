// `qtable check`: asks the servers of a database whether what they hold in memory is what it has.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "net/auth/random.hpp"
#include "storage/pg/blocking.hpp"
#include "storage/zone/zone_loader.hpp"
#include "tools/qtable/check_service.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/database_choice.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/wall_clock.hpp"
#include "tools/qtable/stored_check.hpp"

namespace qtable::tools {

namespace {

using clock = std::chrono::steady_clock;

struct check_flags {
    database_choice database;
    int wait_s = 2;
    int timeout_s = 120;
};

// What one server said so far.
struct node_report {
    bool is_done = false, is_busy = false;
    std::int64_t restaurants = 0, unsettled = 0, differences = 0;
};

std::string next_word(std::string_view& rest) {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    std::string word(rest.substr(0, blank));
    rest.remove_prefix(std::min(blank + 1, rest.size()));
    return word;
}

std::int64_t next_number(std::string_view& rest) {
    const std::string word = next_word(rest);
    std::int64_t value = 0;
    std::from_chars(word.data(), word.data() + word.size(), value);
    return value;
}

void take(std::map<std::string, node_report>& nodes, std::string_view said) {
    const std::string kind = next_word(said);
    const std::string name = next_word(said);
    node_report& node = nodes[name];
    if (kind == "difference")
        std::printf("%s: %.*s\n", name.c_str(), static_cast<int>(said.size()), said.data());
    if (kind == "busy") node.is_done = node.is_busy = true;
    if (kind != "done") return;
    node.is_done = true;
    node.restaurants = next_number(said);
    node.unsettled = next_number(said);
    node.differences = next_number(said);
}

bool are_done(const std::map<std::string, node_report>& nodes) {
    return !nodes.empty() &&
           std::all_of(nodes.begin(), nodes.end(), [](const auto& each) { return each.second.is_done; });
}

// Everyone who serves this database has `wait_s` to say so; then all of them until they are done.
std::map<std::string, node_report> ask_servers(storage::blocking_connection& database,
                                               const check_flags& flags) {
    char reply_to[check_service::reply_chars];
    std::snprintf(reply_to, sizeof reply_to, "%s%016llx", std::string(check_service::reply_prefix).c_str(),
                  static_cast<unsigned long long>(net::random_u64()));
    database.exec("listen " + std::string(reply_to));
    database.exec("notify " + std::string(check_service::channel) + ", '" + reply_to + '\'');
    std::map<std::string, node_report> nodes;
    const auto begun = clock::now();
    const auto gathers_until = begun + std::chrono::seconds(flags.wait_s);
    const auto ends_at = begun + std::chrono::seconds(flags.timeout_s);
    while (clock::now() < ends_at) {
        const bool may_more_come = clock::now() < gathers_until;
        if (!may_more_come && (nodes.empty() || are_done(nodes))) break;
        const auto until = may_more_come ? gathers_until : ends_at;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - clock::now());
        if (const auto said = database.wait_for_notification(left.count() + 1)) take(nodes, *said);
    }
    return nodes;
}

int tell(const std::map<std::string, node_report>& nodes) {
    int code = exit_ok;
    for (const auto& [name, node] : nodes) {
        if (node.is_busy) throw command_error(exit_failed, name + ": another check is running");
        if (!node.is_done) throw command_error(exit_failed, name + ": didn't finish in time (--timeout-s)");
        std::printf("%s: %lld restaurants compared, %lld differences", name.c_str(),
                    static_cast<long long>(node.restaurants - node.unsettled),
                    static_cast<long long>(node.differences));
        if (node.unsettled > 0)
            std::printf(", %lld too busy to be compared", static_cast<long long>(node.unsettled));
        std::puts(node.differences == 0 && node.unsettled == 0 ? ": memory is what the database has" : "");
        if (node.differences > 0) code = exit_check;
        if (node.unsettled > 0 && code == exit_ok) code = exit_failed;
    }
    return code;
}

int run_check(const check_flags& flags) {
    const chosen_database chosen(flags.database, process_environment(), schema_care::current);
    storage::blocking_connection database(chosen.conninfo(), "qtable check");
    const auto nodes = ask_servers(database, flags);
    if (!nodes.empty()) return tell(nodes);
    const stored_check found = check_stored(chosen.conninfo(), wall_clock());
    std::printf("no server is running on this database; its rows alone: %lld restaurants, %lld not sound\n",
                static_cast<long long>(found.restaurants), static_cast<long long>(found.unsound));
    return found.unsound == 0 ? exit_ok : exit_check;
}

}  // namespace

void add_check_command(CLI::App& program, commands& to) {
    const auto flags = std::make_shared<check_flags>();
    CLI::App* const app =
        program.add_subcommand("check",
                               "Compares what the running servers hold in memory with the database and "
                               "prints the differences: exit code 0 "
                               "when there are none, else 3. Without a server: whether the rows are sound.");
    add_database_flags(*app, flags->database);
    app->add_option("--wait-s", flags->wait_s, "servers have so long to answer [2]")
        ->check(CLI::Range(1, 60))
        ->type_name("SECONDS");
    app->add_option("--timeout-s", flags->timeout_s, "and so long to finish [120]")
        ->check(CLI::Range(1, 3600))
        ->type_name("SECONDS");
    app->footer(
        examples("qtable check --data-dir ./var", "qtable check --database postgresql://qtable@db/qtable"));
    to.push_back({app, [flags] { return run_check(*flags); }});
}

}  // namespace qtable::tools
