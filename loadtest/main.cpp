#include "loadtest/cli/program.hpp"

int main(int argc, char** argv) {
    return qtable::loadtest::run_program(argc, argv);
}
