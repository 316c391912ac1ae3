// How far a long job is, on stderr: on a terminal one line that is written over, elsewhere a line every tenth
// of the way. Main thread.
#pragma once

#include <cstddef>
#include <string>

namespace qtable::tools {

class progress_line {
  public:
    progress_line(std::string what, std::size_t total);
    // Ends the line.
    ~progress_line();
    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;

    void show(std::size_t done);

  private:
    std::string what_;
    std::size_t total_;
    std::size_t tenths_shown_ = 0;
    bool is_terminal_;
    bool is_open_ = false;
};

}  // namespace qtable::tools
