// A command of the operator that runs beside the load, through the shell. Main thread. Left alone when it
// outlasts the run.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace qtable::loadtest {

class outside_command {
  public:
    // Its output goes to stderr. Throws usage_error when there is no shell.
    void start(const std::string& line);
    bool has_started() const noexcept { return pid_ > 0; }
    // Its exit code, once it has ended; 128 + the signal that ended it.
    std::optional<int> result(std::int64_t wait_ns);

  private:
    pid_t pid_ = 0;
    std::optional<int> code_;
};

}  // namespace qtable::loadtest
