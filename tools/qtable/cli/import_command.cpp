#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "storage/zone/zone_loader.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/database_choice.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/import_conversion.hpp"
#include "tools/qtable/cli/import_report.hpp"
#include "tools/qtable/cli/progress_line.hpp"
#include "tools/qtable/cli/restaurant_upload.hpp"
#include "tools/qtable/import/auto_tables.hpp"
#include "tools/qtable/import/source_file.hpp"

namespace qtable::tools {

namespace {

constexpr std::size_t problems_shown = 100;

struct import_flags {
    database_choice database;
    std::string file;
    std::string timezone;
    std::string tables = "none";
    std::string owner;
    std::string report;
};

import_result read_source(const import_flags& flags) {
    const storage::zone_loader zones;
    if (!zones.knows(flags.timezone)) {
        throw command_error(exit_configuration, "--timezone: there is no time zone \"" + flags.timezone +
                                                    "\"; it is a name such as Europe/Copenhagen");
    }
    import_result read = read_source_file(flags.file, {flags.timezone});
    if (const auto& failure = read.failure) {
        if (failure->line == 0) throw command_error(exit_configuration, failure->what);
        throw command_error(exit_check, flags.file + ", line " + std::to_string(failure->line) + ", byte " +
                                            std::to_string(failure->offset) + ": " + failure->what);
    }
    skip_unknown_timezones(read, [&](std::string_view name) { return zones.knows(name); });
    if (flags.tables == "auto") {
        for (import_restaurant& each : read.restaurants) furnish(each);
    }
    return read;
}

storage::bulk_counts store(const import_flags& flags, const std::string& owner, const import_result& read) {
    const chosen_database chosen(flags.database, process_environment(), schema_care::current);
    storage::blocking_connection database(chosen.conninfo(), "qtable import");
    progress_line progress("restaurants", read.restaurants.size());
    return upload_restaurants(database, owner, read.restaurants,
                              [&](std::size_t done) { progress.show(done); });
}

int run_import(const import_flags& flags) {
    const std::string owner = checked_email(flags.owner, "--owner");
    const import_result read = read_source(flags);
    // Before anything is stored: a report that can't be written is a wrong flag.
    std::ofstream report;
    if (!flags.report.empty()) {
        report.open(flags.report);
        if (!report) throw command_error(exit_configuration, "--report: can't write " + flags.report);
    }
    const storage::bulk_counts stored = store(flags, owner, read);
    std::fputs(import_problems_digest(read, problems_shown).c_str(), stderr);
    std::fputs(import_summary(read, stored).c_str(), stdout);
    if (!flags.report.empty()) {
        report << full_import_report(flags.file, read, stored) << std::flush;
        if (!report)
            throw command_error(exit_failed,
                                "the restaurants are stored, but " + flags.report + " can't be written");
    }
    return exit_ok;
}

}  // namespace

void add_import_command(CLI::App& program, commands& to) {
    const auto flags = std::make_shared<import_flags>();
    CLI::App* const app = program.add_subcommand("import",
                                                 "Brings restaurants from GeoJSON (OpenStreetMap tags) or "
                                                 "CSV. Safe to run again: what is known is updated.");
    app->add_option("FILE", flags->file, "ends in .geojson, .json or .csv")->required()->type_name("");
    app->add_option("--timezone", flags->timezone, "of restaurants that don't state theirs")
        ->required()
        ->type_name("ZONE");
    app->add_option("--tables", flags->tables, "auto: a plausible floor for those without tables [none]")
        ->check(CLI::IsMember({"auto", "none"}));
    app->add_option("--owner", flags->owner, "staff account that owns them; made when it isn't there")
        ->required()
        ->type_name("EMAIL");
    app->add_option("--report", flags->report, "writes every problem here")->type_name("FILE");
    add_database_flags(*app, flags->database);
    app->footer(
        examples("qtable import city.geojson --timezone Europe/Copenhagen --tables auto --owner "
                 "me@example.com --data-dir ./var",
                 "qtable import places.csv --timezone Asia/Tokyo --owner me@example.com --database "
                 "postgresql://db/qtable"));
    to.push_back({app, [flags] { return run_import(*flags); }});
}

}  // namespace qtable::tools
