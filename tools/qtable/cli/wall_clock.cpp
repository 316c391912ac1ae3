#include "tools/qtable/cli/wall_clock.hpp"

#include <chrono>

namespace qtable::tools {

instant wall_clock() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

}  // namespace qtable::tools
