// `qtable events tail`: the log of a restaurant as it grows, read from the database.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "core/event/event.hpp"
#include "proto/json_writer.hpp"
#include "storage/pg/blocking.hpp"
#include "storage/store/event_rows.hpp"
#include "storage/store/journal.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/database_choice.hpp"
#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

constexpr int rows_at_once = 1'000;
// Who has heard of no other node rings no bell: then it is looked for.
constexpr std::int64_t look_again_ms = 500;

struct tail_flags {
    database_choice database;
    std::string restaurant;
    std::int64_t since = -1;
    int last = 10;
    bool follows = false;
    bool has_data = false;
};

std::string_view word(actor::kind who) {
    return who == actor::kind::customer ? "customer" : who == actor::kind::staff ? "staff" : "system";
}

void print(const logged_event& event, bool has_data) {
    std::string line;
    proto::json_writer json(line);
    json.begin_object().key("seq").integer(event.seq).key("at").utc(event.at);
    json.key("type").text(to_string(event.type)).key("action").text(event.action);
    json.key("by").text(word(event.by.what));
    if (!event.by.id.is_nil()) json.key("actor").id(event.by.id);
    if (!event.subject.is_nil()) json.key("subject").id(event.subject);
    if (!event.overrides.empty()) json.key("overrides").text(event.overrides);
    if (has_data) json.key("data").raw(event.data);
    json.end_object();
    std::puts(line.c_str());
}

std::int64_t first_seq(storage::blocking_connection& database, const restaurant_id& restaurant,
                       const tail_flags& flags) {
    const storage::rows found =
        database.query("select " QTABLE_LAST_SEQ "::bigint from restaurants r where r.id = $1",
                       storage::params().add(restaurant));
    if (found.empty()) throw command_error(exit_failed, "no restaurant has the id " + flags.restaurant);
    if (flags.since >= 0) return flags.since;
    return std::max<std::int64_t>(found[0].get<std::int64_t>(0) - flags.last, 0);
}

int run_tail(const tail_flags& flags) {
    const auto restaurant = restaurant_id::parse(flags.restaurant);
    if (!restaurant) throw command_error(exit_configuration, "--restaurant: must be its id");
    const chosen_database chosen(flags.database, process_environment(), schema_care::current);
    storage::blocking_connection database(chosen.conninfo(), "qtable events");
    std::int64_t seen = first_seq(database, *restaurant, flags);
    database.exec(std::string("listen ") + storage::pg_journal::doorbell_channel);
    const std::string sql = std::string("select " QTABLE_EVENT_COLUMNS
                                        " from restaurant_events e where "
                                        "e.restaurant_id = $1 and e.seq >= $2 order by e.seq limit ") +
                            std::to_string(rows_at_once);
    for (;;) {
        // The row before may hold the next number, too.
        const storage::rows found =
            database.query(sql, storage::params().add(*restaurant).add(std::max<std::int64_t>(seen, 0)));
        std::vector<logged_event> events;
        for (const storage::row& each : found) storage::read_events(each, seen, events);
        for (const logged_event& each : events) print(each, flags.has_data);
        std::fflush(stdout);
        if (!events.empty()) seen = events.back().seq;
        if (found.size() == rows_at_once && !events.empty()) continue;
        if (!flags.follows) return exit_ok;
        static_cast<void>(database.wait_for_notification(look_again_ms));
    }
}

}  // namespace

void add_events_commands(CLI::App& program, commands& to) {
    CLI::App* const events = program.add_subcommand("events", "The logs of restaurants.");
    const std::string plain = "qtable events tail --restaurant ID --data-dir ./var";
    const std::string followed =
        "qtable events tail --restaurant ID --follow --data --database postgresql://db/qtable";
    events->footer(examples(plain, followed));
    const auto flags = std::make_shared<tail_flags>();
    CLI::App* const tail = events->add_subcommand(
        "tail", "Prints what happened at a restaurant, one JSON object a line; without names unless --data.");
    tail->add_option("--restaurant", flags->restaurant)->required()->type_name("ID");
    tail->add_option("--since", flags->since, "everything after this seq")
        ->check(CLI::NonNegativeNumber)
        ->type_name("SEQ");
    tail->add_option("--last", flags->last, "else so many of the newest [10]")->check(CLI::Range(0, 100'000));
    tail->add_flag("--follow,-f", flags->follows, "goes on until it is stopped");
    tail->add_flag("--data", flags->has_data, "with what was changed, names included");
    add_database_flags(*tail, flags->database);
    tail->footer(examples(plain, followed));
    to.push_back({tail, [flags] { return run_tail(*flags); }});
}

}  // namespace qtable::tools
