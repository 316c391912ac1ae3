// The command line of `qtable`: reads it, runs the command, turns whatever goes wrong into one line and an
// exit code. Main thread.
#pragma once

namespace qtable::tools {

int run_program(int argc, char** argv);

}  // namespace qtable::tools
