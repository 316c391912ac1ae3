#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "net/auth/jws.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/failure.hpp"
#include "tools/qtable/cli/settings.hpp"

namespace qtable::tools {

namespace {

std::string read_token() {
    std::string token(net::jws_bytes_max + 2, '\0');
    token.resize(std::fread(token.data(), 1, token.size(), stdin));
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
    return token;
}

int run_verify() {
    const auto text = process_environment()("QTABLE_JWK");
    if (!text) throw command_error(exit_configuration, "QTABLE_JWK: the key is missing");
    const auto key = net::json_web_key::parse(*text);
    if (!key) {
        throw command_error(
            exit_configuration,
            "QTABLE_JWK: must be a JWK of type oct (32 bytes or more), OKP with Ed25519, or EC "
            "with P-256");
    }
    const auto payload = key->verify(read_token());
    if (!payload) throw command_error(exit_failed, "the token is not accepted");
    std::printf("%s\n", payload->c_str());
    return exit_ok;
}

}  // namespace

void add_jws_command(CLI::App& program, commands& to) {
    CLI::App* const app =
        program.add_subcommand("jws-verify",
                               "Checks the signature of the token on stdin by the key in QTABLE_JWK and "
                               "prints what was signed. The key "
                               "alone decides the algorithm; times and audiences are not looked at.");
    app->footer(examples("qtable jws-verify <token.txt",
                         "QTABLE_JWK='{\"kty\":\"oct\",\"k\":\"…\"}' qtable jws-verify <token.txt"));
    to.push_back({app, [] { return run_verify(); }});
}

}  // namespace qtable::tools
