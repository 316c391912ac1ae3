// How a command fails: an exit code that scripts can rely on, and one clear line on stderr. Any thread.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace qtable::tools {

constexpr int exit_ok = 0;
constexpr int exit_failed = 1;         // what nobody could foresee, and a health check that says no
constexpr int exit_configuration = 2;  // flags, environment, files, ports: what whoever started it can mend
constexpr int exit_check = 3;          // the schema, or a check that didn't hold

class command_error : public std::runtime_error {
  public:
    command_error(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
    int code() const noexcept { return code_; }

  private:
    int code_;
};

// What went wrong on start-up is configuration unless it says otherwise: the rest of the program throws
// std::runtime_error only for what its user can mend.
int exit_code_of(const std::exception& failure) noexcept;

// Line ends and other control characters become blanks.
std::string one_line(std::string_view text);

}  // namespace qtable::tools
