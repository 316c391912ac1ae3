// The line that tells each second how a run is doing, on stderr: written over on a terminal, a line of its
// own elsewhere. Main thread.
#pragma once

#include <cstdint>
#include <string>

#include "loadtest/measure/recorder.hpp"

namespace qtable::loadtest {

struct live_facts {
    const interval* last = nullptr;  // the second that is over
    double rate_target = 0;
    bool is_warmup = false;
    std::uint32_t in_flight = 0;
    std::uint64_t backlog = 0;
    std::uint64_t sockets = 0, events = 0;
};

std::string live_text(const live_facts& of);

class live_line {
  public:
    // Shown on a terminal unless `is_quiet`; elsewhere only when `is_wanted`.
    live_line(bool is_quiet, bool is_wanted);
    ~live_line();
    live_line(const live_line&) = delete;
    live_line& operator=(const live_line&) = delete;

    void show(const std::string& text);
    // A line that stays.
    void say(const std::string& text);

  private:
    bool is_terminal_, is_shown_, is_quiet_;
    bool is_open_ = false;
};

}  // namespace qtable::loadtest
