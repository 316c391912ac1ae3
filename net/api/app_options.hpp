// What may be set for the application; the defaults are the named limits. A plain value, shared by all cores.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/limits.hpp"

namespace qtable::net {

struct app_options {
    std::string version = "0.1.0";
    std::string commit = "unknown";
    std::int64_t access_token_s = limits::access_token_s;
    std::int64_t refresh_token_s = limits::refresh_token_s;
    std::int64_t hold_ms = limits::hold_ms;
    bool require_verified_email = false;  // for booking
    bool is_loopback_exempt = false;      // no rate limits for 127.0.0.0/8 and ::1
    bool has_test_endpoints = false;      // /_test/*
    bool has_console = false;             // /console
    int login_failures_per_account = limits::login_failures_per_account;
    int login_attempts_per_address_per_min = limits::login_attempts_per_address_per_min;
    std::vector<std::string> cors_origins;  // "*" alone = any
    std::string public_url;                 // for links in mails; empty = where the server listens
    // What `qtable dev` alone tells its own machine under /_dev/: JSON, or empty where there is nothing of
    // that name. Unset everywhere else. It may read a few small files on the calling core.
    std::function<std::string(std::string_view name)> dev_answer;
    // How many bytes the calling thread has taken from the heap so far; empty where the allocator doesn't
    // say.
    std::function<std::uint64_t()> allocated_bytes;
};

}  // namespace qtable::net
