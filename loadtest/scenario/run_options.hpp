// What `qtable-load run` was told, with the defaults. A plain value, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loadtest/measure/arrivals.hpp"
#include "loadtest/measure/threshold.hpp"
#include "loadtest/scenario/scenario.hpp"

namespace qtable::loadtest {

struct point {
    double latitude = 0, longitude = 0;
};

struct run_options {
    std::string target_url;
    const scenario* what = nullptr;
    double rate = 0;  // 0 = a closed loop
    double duration_s = 30, warmup_s = 2, timeout_s = 10;
    std::uint32_t connections = 64;
    unsigned threads = 1;
    bool is_closed = false;
    arrival_kind arrivals = arrival_kind::poisson;
    std::uint64_t seed = 1;

    unsigned customers = 32, restaurants = 1000, sockets = 0;
    std::vector<point> near;  // where restaurants are looked for
    std::string only_path;    // the one thing to ask for, instead of many
    std::string tokens_file;
    std::string staff_token;
    bool is_owned = false;            // the target, though it isn't this machine
    bool has_customers_only = false;  // staff and their sockets are left out
    bool is_verified = false;         // every confirmation is looked up, in any scenario
    std::string blip_command;

    std::vector<threshold> thresholds;
    std::string json_file, html_file;
    bool is_quiet = false, shows_progress = false;
};

}  // namespace qtable::loadtest
