#include "tests/sim/mutants.hpp"

namespace qtable {

namespace {

mutant planted = mutant::none;

}  // namespace

bool mutant_on(mutant which) noexcept {
    return which == planted;
}

void sim::plant(mutant which) noexcept {
    planted = which;
}

}  // namespace qtable
