// `qtable owner create`: an account for who runs restaurants, with a password, without a letter.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "core/base/limits.hpp"
#include "net/auth/password_pool.hpp"
#include "net/auth/random.hpp"
#include "proto/text_rules.hpp"
#include "storage/pg/blocking.hpp"
#include "storage/store/bulk_writer.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/database_choice.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/restaurant_upload.hpp"

namespace qtable::tools {

namespace {

struct owner_flags {
    database_choice database;
    std::string email, name;
    bool takes_password = false;
};

std::string read_password() {
    std::string line;
    std::getline(std::cin, line);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const std::size_t size = proto::count_code_points(line);
    if (size < limits::password_chars_min || size > limits::password_chars) {
        throw command_error(exit_configuration, "the password on stdin: must have " +
                                                    std::to_string(limits::password_chars_min) + " to " +
                                                    std::to_string(limits::password_chars) + " characters");
    }
    if (net::is_common_password(line))
        throw command_error(exit_configuration, "the password on stdin: everybody tries that one first");
    return line;
}

int run_create(const owner_flags& flags) {
    const std::string email = checked_email(flags.email, "--email");
    const std::string given = flags.takes_password ? read_password() : "";
    const chosen_database chosen(flags.database, process_environment(), schema_care::current);
    storage::blocking_connection database(chosen.conninfo(), "qtable owner");
    storage::bulk_writer accounts(database, bulk_tools_of_program());
    const std::string name = flags.name.empty() ? email.substr(0, email.find('@')) : flags.name;
    const staff_id id = accounts.ensure_staff(email, name);
    const std::string password = given.empty() ? net::new_secret().substr(0, 20) : given;
    database.query("update staff set password_hash = $2 where id = $1",
                   storage::params().add(id).add(std::string_view(net::password_pool::hash_now(password))));
    std::printf("account %s for %s\n", to_string(id).c_str(), email.c_str());
    if (given.empty()) std::printf("password %s\n", password.c_str());
    return exit_ok;
}

}  // namespace

void add_owner_commands(CLI::App& program, commands& to) {
    CLI::App* const owner = program.add_subcommand("owner", "Accounts of those who run restaurants.");
    const std::string plain = "qtable owner create --email you@example.com --data-dir ./var";
    const std::string piped =
        "pass show qtable | qtable owner create --email you@example.com --password-stdin --database "
        "postgresql://db/qtable";
    owner->footer(examples(plain, piped));
    const auto flags = std::make_shared<owner_flags>();
    CLI::App* const create = owner->add_subcommand(
        "create", "Makes a staff account, or gives one that is there a new password, which is printed once.");
    create->add_option("--email", flags->email)->required()->type_name("EMAIL");
    create->add_option("--name", flags->name, "as others see it")->type_name("TEXT");
    create->add_flag("--password-stdin", flags->takes_password, "the password is the first line of stdin");
    add_database_flags(*create, flags->database);
    create->footer(examples(plain, piped));
    to.push_back({create, [flags] { return run_create(*flags); }});
}

}  // namespace qtable::tools
