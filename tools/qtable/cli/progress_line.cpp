#include "tools/qtable/cli/progress_line.hpp"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace qtable::tools {

progress_line::progress_line(std::string what, std::size_t total)
    : what_(std::move(what)), total_(total), is_terminal_(isatty(STDERR_FILENO) == 1) {}

progress_line::~progress_line() {
    if (is_open_) std::fputc('\n', stderr);
}

void progress_line::show(std::size_t done) {
    const std::size_t tenths = total_ == 0 ? 10 : done * 10 / total_;
    if (!is_terminal_ && tenths == tenths_shown_) return;
    tenths_shown_ = tenths;
    std::fprintf(stderr, "%s%s: %zu of %zu%s", is_terminal_ ? "\r" : "", what_.c_str(), done, total_,
                 is_terminal_ ? "" : "\n");
    std::fflush(stderr);
    is_open_ = is_terminal_;
}

}  // namespace qtable::tools
