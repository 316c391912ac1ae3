#include "tools/qtable/built_commit.hpp"

#ifndef QTABLE_COMMIT
#define QTABLE_COMMIT "unknown"
#endif

namespace qtable::tools {

const char* built_commit() noexcept {
    return QTABLE_COMMIT;
}

}  // namespace qtable::tools
