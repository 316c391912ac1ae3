#include "loadtest/engine/live.hpp"

#include <unistd.h>

#include <cstdio>

#include "loadtest/measure/threshold.hpp"
#include "loadtest/report/page.hpp"

namespace qtable::loadtest {

std::string live_text(const live_facts& of) {
    const interval& last = *of.last;
    const auto count = [](std::uint64_t value) { return count_text(static_cast<double>(value)); };
    std::string text = std::to_string(last.second + 1) + " s" + (of.is_warmup ? " (warming up)" : "") + "  " +
                       count(last.answered) + (of.rate_target > 0 ? "/" + count_text(of.rate_target) : "") +
                       " a second";
    text += "  p50 " + duration_text(static_cast<double>(last.latency.percentile(50)));
    text += "  p99 " + duration_text(static_cast<double>(last.latency.percentile(99)));
    text += "  errors " + count(last.errors) + "  409s " + count(last.conflicts) + "  in flight " +
            count(of.in_flight);
    if (of.backlog > 0) text += "  waiting " + count(of.backlog);
    if (of.sockets > 0) text += "  sockets " + count(of.sockets) + "  events " + count(of.events);
    return text;
}

live_line::live_line(bool is_quiet, bool is_wanted)
    : is_terminal_(::isatty(STDERR_FILENO) == 1),
      is_shown_(!is_quiet && (is_terminal_ || is_wanted)),
      is_quiet_(is_quiet) {}

live_line::~live_line() {
    if (is_open_) std::fputc('\n', stderr);
}

void live_line::show(const std::string& text) {
    if (!is_shown_) return;
    std::fprintf(stderr, is_terminal_ ? "\r\x1b[K%s" : "%s\n", text.c_str());
    std::fflush(stderr);
    is_open_ = is_terminal_;
}

void live_line::say(const std::string& text) {
    if (is_quiet_) return;
    if (is_open_) std::fputc('\n', stderr);
    is_open_ = false;
    std::fprintf(stderr, "%s\n", text.c_str());
    std::fflush(stderr);
}

}  // namespace qtable::loadtest
