#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "core/base/limits.hpp"
#include "net/auth/token.hpp"
#include "proto/base64url.hpp"
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

// Empty: none was said.
std::string find_key(const std::string& data_dir, const std::string& flag) {
    if (!data_dir.empty()) return data_dir_token_key(data_dir);
    settings found;
    const setting* const key = &setting_named("auth.token_key");
    given_flags given;
    if (!flag.empty()) given[std::string(key->name)] = {flag};
    resolve_settings(found, {&key, 1}, given, process_environment(), platform_names::taken);
    return found.server.token_key;
}

std::string key_for(const mint_flags& flags) {
    const std::string key = find_key(flags.database.data_dir, flags.token_key);
    require_token_key(key);
    return key;
}

struct inspect_flags {
    std::string token, data_dir, token_key;
};

// The part between the dots, decoded; no claim of it is to be believed before the signature is looked at.
std::string claims_of(const std::string& token) {
    const std::size_t first = token.find('.'), last = token.rfind('.');
    if (first == std::string::npos || last == first)
        throw command_error(exit_failed, "that is no token: it has not three parts");
    std::vector<std::uint8_t> bytes(token.size());
    const auto size =
        proto::decode_base64url(std::string_view(token).substr(first + 1, last - first - 1), bytes);
    if (!size) throw command_error(exit_failed, "that is no token: its claims are not base64url");
    return {reinterpret_cast<const char*>(bytes.data()), *size};
}

int run_inspect(const inspect_flags& flags) {
    std::string token = flags.token;
    if (token.empty() || token == "-") std::getline(std::cin, token);
    std::puts(one_line(claims_of(token)).c_str());
    const std::string key = find_key(flags.data_dir, flags.token_key);
    if (key.empty()) {
        std::puts("the signature was not looked at: say --data-dir or --token-key");
        return exit_ok;
    }
    require_token_key(key);
    net::token_service tokens(key);
    if (!tokens.verify(token, wall_clock()))
        throw command_error(exit_failed, "not valid now: another key, changed, expired or not yet valid");
    std::puts("valid: signed by this key, and in its time");
    return exit_ok;
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

    const auto shown = std::make_shared<inspect_flags>();
    CLI::App* const inspect =
        token->add_subcommand("inspect", "Prints the claims of a token, and whether it is valid by the key.");
    inspect->add_option("token", shown->token, "else, or for -, the first line of stdin");
    inspect->add_option("--data-dir", shown->data_dir, "whose key signs")->type_name("DIR");
    inspect->add_option("--token-key", shown->token_key, "else this one (QTABLE_AUTH_TOKEN_KEY)")
        ->type_name("TEXT");
    inspect->footer(
        examples("qtable token inspect --data-dir ./var eyJ…", "qtable token inspect <token.txt"));
    to.push_back({inspect, [shown] { return run_inspect(*shown); }});
}

}  // namespace qtable::tools
