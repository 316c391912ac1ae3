// What may be set for the application; the defaults are the named limits. A plain value, shared by all cores.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/limits.hpp"
#include "core/base/partition.hpp"
#include "net/io/address_range.hpp"

namespace qtable::net {

// Bytes: handed out; in pages with something handed out; of the kernel's memory; of addresses.
struct heap_figures {
    std::uint64_t allocated = 0, active = 0, resident = 0, mapped = 0;
};

struct app_options {
    partition part;  // of the restaurants, which this node holds
    std::string version = "0.1.0";
    std::string commit = "unknown";
    std::int64_t access_token_s = limits::access_token_s;
    std::int64_t refresh_token_s = limits::refresh_token_s;
    std::int64_t hold_ms = limits::hold_ms;
    bool require_verified_email = false;  // for booking
    bool is_loopback_exempt = false;      // no rate limits and no booking cap for 127.0.0.0/8 and ::1
    bool has_test_endpoints = false;      // /_test/*
    int requests_per_address_per_min = limits::requests_per_address_per_min;  // 0 = no limit; so the next two
    int requests_per_account_per_min = limits::requests_per_account_per_min;
    int requests_per_restaurant_per_min = limits::requests_per_restaurant_per_min;
    int bookings_per_customer = limits::bookings_per_customer;  // coming ones; 0 = no cap
    int sockets_per_stream = limits::ws_sockets_per_stream;     // the cores share it
    std::vector<address_range> trusted_proxies;                 // whose X-Forwarded-For is believed
    bool ready_needs_database = false;                          // /readyz is 503 while it is away
    bool has_console = false;                                   // /console
    int login_failures_per_account = limits::login_failures_per_account;
    int login_attempts_per_address_per_min = limits::login_attempts_per_address_per_min;
    std::string log_requests = "errors";    // none, errors (5xx, and what took a second), all
    std::vector<std::string> cors_origins;  // "*" alone = any
    std::string public_url;                 // for links in mails; empty = where the server listens
    // Whether another node has been seen on this database since the start; any core. Empty: never.
    std::function<bool()> is_shared;
    // What `qtable dev` alone tells its own machine under /_dev/: JSON, or empty where there is nothing of
    // that name. Unset everywhere else. It may read a few small files on the calling core.
    std::function<std::string(std::string_view name)> dev_answer;
    // How many bytes the calling thread has taken from the heap so far; empty where the allocator doesn't
    // say.
    std::function<std::uint64_t()> allocated_bytes;
    // What the allocator holds for the whole process; any core. Empty as above.
    std::function<heap_figures()> heap;
    // Gives the machine what the allocator keeps without need; any core. Empty as above.
    std::function<void()> give_heap_back;
    // Beyond it less is taken on (net/limit/memory_limit); 0 = none.
    std::uint64_t memory_soft_limit_bytes = 0;
};

}  // namespace qtable::net
