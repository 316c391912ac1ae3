#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "core/base/limits.hpp"
#include "net/auth/token.hpp"
#include "storage/pg/blocking.hpp"
#include "storage/store/bulk_writer.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/database_choice.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/restaurant_upload.hpp"
#include "tools/qtable/cli/token_key.hpp"
#include "tools/qtable/cli/wall_clock.hpp"

namespace qtable::tools {

namespace {

constexpr std::int64_t lifetime_max_s = 366LL * 24 * 3600;

struct mint_flags {
    database_choice database;
    std::string role;
    std::string email;
    std::string token_key;
    std::int64_t lifetime_s = limits::access_token_s;
};

std::string key_for(const mint_flags& flags) {
    if (!flags.database.data_dir.empty()) return data_dir_token_key(flags.database.data_dir);
    settings found;
    const setting* const key = &setting_named("auth.token_key");
    given_flags given;
    if (!flags.token_key.empty()) given[std::string(key->name)] = {flags.token_key};
    resolve_settings(found, {&key, 1}, given, process_environment(), platform_names::taken);
    require_token_key(found.server.token_key);
    return found.server.token_key;
}

int run_mint(const mint_flags& flags) {
    const std::string email = checked_email(flags.email, "--email");
    const chosen_database chosen(flags.database, process_environment(), schema_care::current);
    net::token_service tokens(key_for(flags));
    storage::blocking_connection database(chosen.conninfo(), "qtable token");
    storage::bulk_writer accounts(database, bulk_tools_of_program());
    const std::string name = email.substr(0, email.find('@'));
    const bool is_staff = flags.role == "staff";
    const uuid account = is_staff ? uuid(accounts.ensure_staff(email, name))
                                  : uuid(accounts.ensure_customer(email, name, name));
    const net::token_role role = is_staff ? net::token_role::staff : net::token_role::customer;
    std::puts(tokens.mint(role, account, wall_clock(), flags.lifetime_s).c_str());
    return exit_ok;
}

}  // namespace

void add_token_commands(CLI::App& program, commands& to) {
    CLI::App* const token = program.add_subcommand("token", "Access tokens for trying and for operators.");
    const std::string staff = "qtable token mint --role staff --email owner@demo.test --data-dir ./var";
    token->footer(examples(
        staff, "qtable token mint --role customer --email ada@example.com --ttl-s 86400 --data-dir ./var"));

    const auto flags = std::make_shared<mint_flags>();
    CLI::App* const mint =
        token->add_subcommand("mint", "Prints a token of an account, which is made when it isn't there.");
    mint->add_option("--role", flags->role)->required()->check(CLI::IsMember({"staff", "customer"}));
    mint->add_option("--email", flags->email)->required()->type_name("EMAIL");
    mint->add_option("--ttl-s", flags->lifetime_s,
                     "how long it is valid [" + std::to_string(flags->lifetime_s) + "]")
        ->check(CLI::Range(std::int64_t{1}, lifetime_max_s))
        ->type_name("SECONDS");
    mint->add_option("--token-key", flags->token_key,
                     "the server's, with --database (QTABLE_AUTH_TOKEN_KEY, QTABLE_AUTH_TOKEN_KEY_FILE)")
        ->type_name("TEXT");
    add_database_flags(*mint, flags->database);
    mint->footer(examples(staff,
                          "QTABLE_AUTH_TOKEN_KEY_FILE=/run/secrets/key qtable token mint --role customer "
                          "--email ada@example.com --database postgresql://db/qtable"));
    to.push_back({mint, [flags] { return run_mint(*flags); }});
}

}  // namespace qtable::tools
