// Which commit this program was built of; any core.
#pragma once

namespace qtable::tools {

// Twelve hexadecimal digits; "unknown" where the build had no repository.
const char* built_commit() noexcept;

}  // namespace qtable::tools
