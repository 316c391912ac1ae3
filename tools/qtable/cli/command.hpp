// A sub-command: its flags as CLI11 knows them, and what runs when it was chosen. Every command has a file of
// its own
// (`<name>_command.cpp`) with the function below that adds it; `run` owns what its flags are read into.
// Main thread. Errors: exceptions, see failure.hpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace qtable::tools {

struct command {
    CLI::App* app = nullptr;
    std::function<int()> run;  // the exit code
};
using commands = std::vector<command>;

void add_dev_command(CLI::App& program, commands& to);
void add_serve_command(CLI::App& program, commands& to);
void add_migrate_commands(CLI::App& program, commands& to);
void add_seed_command(CLI::App& program, commands& to);
void add_import_command(CLI::App& program, commands& to);
void add_token_commands(CLI::App& program, commands& to);
void add_config_commands(CLI::App& program, commands& to);
void add_doctor_command(CLI::App& program, commands& to);
void add_owner_commands(CLI::App& program, commands& to);
void add_events_commands(CLI::App& program, commands& to);
void add_completion_command(CLI::App& program, commands& to);
void add_jws_command(CLI::App& program, commands& to);
void add_check_command(CLI::App& program, commands& to);
void add_healthcheck_command(CLI::App& program, commands& to);
void add_document_commands(CLI::App& program, commands& to);  // version, openapi, asyncapi

// Two examples below the help of a command.
std::string examples(const std::string& first, const std::string& second);

}  // namespace qtable::tools
