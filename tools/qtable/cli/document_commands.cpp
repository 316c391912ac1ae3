#include <CLI/CLI.hpp>
#include <cstdio>
#include <string_view>

#include "net/api/app_options.hpp"
#include "proto/api_documents.hpp"
#include "tools/qtable/built_commit.hpp"
#include "tools/qtable/cli/command.hpp"
#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

int print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (!text.ends_with('\n')) std::fputc('\n', stdout);
    return std::fflush(stdout) == 0 ? exit_ok : exit_failed;
}

}  // namespace

void add_document_commands(CLI::App& program, commands& to) {
    CLI::App* const openapi =
        program.add_subcommand("openapi", "Prints the OpenAPI document of the HTTP interface.");
    openapi->footer(
        examples("qtable openapi > openapi.json", "qtable openapi | python3 -m json.tool | less"));
    to.push_back({openapi, [] { return print(proto::openapi_document()); }});

    CLI::App* const asyncapi =
        program.add_subcommand("asyncapi", "Prints the AsyncAPI document of the WebSocket events.");
    asyncapi->footer(
        examples("qtable asyncapi > asyncapi.json", "qtable asyncapi | python3 -m json.tool | less"));
    to.push_back({asyncapi, [] { return print(proto::asyncapi_document()); }});

    CLI::App* const version = program.add_subcommand("version", "Prints version and commit.");
    version->footer(examples("qtable version", "qtable --version"));
    to.push_back({version, [] {
                      const net::app_options facts;
                      return print("qtable " + facts.version + " (commit " + built_commit() + ")");
                  }});
}

}  // namespace qtable::tools
