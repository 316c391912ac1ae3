// The time of day, for command-line tools. Any thread.
#pragma once

#include "core/base/time.hpp"

namespace qtable::tools {

instant wall_clock();

}  // namespace qtable::tools
