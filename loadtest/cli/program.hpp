// The command line of `qtable-load`: reads it, runs the command, turns whatever goes wrong into one line and
// an exit code. Main thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace qtable::loadtest {

int run_program(int argc, char** argv);

// A sub-command and what runs when it was chosen; `run` owns what its flags are read into.
struct command {
    CLI::App* app = nullptr;
    std::function<int()> run;
};

command add_run_command(CLI::App& program);
command add_report_command(CLI::App& program);
command add_compare_command(CLI::App& program);

// Two examples below the help of a command.
std::string examples(const std::string& first, const std::string& second);

}  // namespace qtable::loadtest
