// One run as it is kept, shown and compared. Plain values; `to_json` and `read_run_report` turn them into the
// file that REPORT.md describes, and back. Any thread. Errors: usage_error for a file that isn't one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadtest/measure/histogram.hpp"

namespace qtable::loadtest {

struct kind_report {
    std::string name;
    std::uint64_t requests = 0, ok = 0, conflicts = 0, errors = 0;
    std::vector<std::pair<std::string, std::uint64_t>> codes;  // "201" or "timeout": how many
    histogram latency;

    double error_percent() const noexcept;
    double conflict_percent() const noexcept;
};

struct second_report {
    std::int64_t second = 0;
    bool is_warmup = false;
    std::uint64_t sent = 0, answered = 0, conflicts = 0, errors = 0;
    std::int64_t p50_ns = 0, p99_ns = 0;
    std::uint64_t events = 0;
    std::int64_t event_p99_ns = 0;
};

struct delay_report {
    std::string name;  // "staff after 201", "public after at", "resume" …
    histogram delay;
};

// A number of the scenario: holes, resyncs, bookings looked up …
struct fact {
    std::string name;
    double value = 0;
    std::string unit;  // "", "s", "ms"
};

struct check_report {
    std::string name;
    bool is_kept = false;
    std::string detail;
};

struct threshold_report {
    std::string text;
    bool is_kept = false;
    std::string detail;  // "p99 is 3.20 ms"
};

struct client_report {
    unsigned threads = 0;
    std::uint32_t connections = 0;
    double cpu_share = 0;  // of the busiest thread
    histogram send_lag;
    double waited_percent = 0;  // requests that found every connection busy
    std::uint64_t reconnects = 0;
    std::int64_t longest_pause_ns = 0;
    bool is_bottleneck = false;
    std::vector<std::string> reasons;
};

struct run_report {
    std::string scenario, target, started_at, loop, arrivals;  // loop: "open" or "closed"
    double rate_target = 0;                                    // 0 in a closed loop
    double duration_s = 0, warmup_s = 0;
    std::uint64_t seed = 0;
    std::vector<std::string> notes;

    double rate_achieved = 0;
    std::vector<kind_report> kinds;  // those that were asked, `total()` besides
    std::vector<second_report> seconds;
    std::vector<delay_report> delays;
    std::vector<fact> facts;
    client_report client;
    std::vector<check_report> checks;
    std::vector<threshold_report> thresholds;

    kind_report total() const;
    const kind_report* find(std::string_view kind) const noexcept;
    const delay_report* find_delay(std::string_view name) const noexcept;
    std::optional<double> find_fact(std::string_view name) const noexcept;
    int exit_code() const noexcept;
};

std::string to_json(const run_report& report);
run_report from_json(std::string_view text);  // throws usage_error
run_report read_run_report(const std::string& path);
void write_file(const std::string& path, std::string_view text, const char* flag);

}  // namespace qtable::loadtest
