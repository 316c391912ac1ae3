#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <memory>

#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/database_choice.hpp"
#include "tools/qtable/cli/demo.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/progress_line.hpp"
#include "tools/qtable/cli/restaurant_upload.hpp"

namespace qtable::tools {

namespace {

constexpr std::size_t restaurants_max = 100'000;

struct seed_flags {
    database_choice database;
    demo_city_options city;
    std::string owner = demo_owner;
};

int run_seed(const seed_flags& flags) {
    const std::string owner = checked_email(flags.owner, "--owner");
    const chosen_database chosen(flags.database, process_environment(), schema_care::current);
    storage::blocking_connection database(chosen.conninfo(), "qtable seed");
    const auto city = make_demo_city(flags.city);
    storage::bulk_counts stored;
    {
        progress_line progress("restaurants", city.size());
        stored = upload_restaurants(database, owner, city, [&](std::size_t done) { progress.show(done); });
    }
    std::printf("inserted:  %" PRId64 "\nupdated:   %" PRId64 "\nunchanged: %" PRId64 "\n", stored.inserted,
                stored.updated, stored.unchanged);
    return exit_ok;
}

}  // namespace

void add_seed_command(CLI::App& program, commands& to) {
    const auto flags = std::make_shared<seed_flags>();
    CLI::App* const app =
        program.add_subcommand("seed", "Makes Havnestad, the demo city: the same one for the same seed.");
    app->add_option("--seed", flags->city.seed, "another number, another city [1]")->type_name("NUMBER");
    app->add_option("--restaurants", flags->city.restaurants, "how many [400]")
        ->check(CLI::Range(std::size_t{1}, restaurants_max))
        ->type_name("NUMBER");
    app->add_option("--owner", flags->owner, "staff account that owns them [" + flags->owner + "]")
        ->type_name("EMAIL");
    add_database_flags(*app, flags->database);
    app->footer(examples("qtable seed --data-dir ./var",
                         "qtable seed --seed 7 --restaurants 10000 --database postgresql://db/qtable"));
    to.push_back({app, [flags] { return run_seed(*flags); }});
}

}  // namespace qtable::tools
