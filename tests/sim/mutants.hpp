// Which of the faults that core can be built with (core/base/mutant.hpp) is made in this process. Set once,
// before the first simulation.
#pragma once

#include "core/base/mutant.hpp"

namespace qtable::sim {

void plant(mutant which) noexcept;

}  // namespace qtable::sim
