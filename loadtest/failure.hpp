// How the program fails: exit codes that scripts can rely on, and one clear line. Any thread.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace qtable::loadtest {

constexpr int exit_ok = 0;
constexpr int exit_configuration = 2;  // flags, files, a target that isn't there: what the caller can mend
constexpr int exit_check = 3;          // a double booking, a lost confirmation, a hole in a stream
constexpr int exit_threshold = 4;

// Ends the program with `exit_configuration`.
class usage_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Line ends and other control characters become blanks; at most `most` bytes.
std::string one_line(std::string_view text, std::size_t most = 400);

}  // namespace qtable::loadtest
