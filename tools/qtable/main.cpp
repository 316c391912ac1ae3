#include "tools/qtable/cli/program.hpp"

int main(int argc, char** argv) {
    return qtable::tools::run_program(argc, argv);
}
