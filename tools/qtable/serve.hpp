// Runs the server: loads every restaurant, opens the port, serves until it is told to stop, drains. What
// `qtable serve` and `qtable dev` have in common. Main thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "net/api/app_options.hpp"
#include "net/http/http_options.hpp"
#include "storage/store/smtp_sink.hpp"

namespace qtable::tools {

struct serve_options {
    std::string conninfo;  // of the database, as libpq takes it
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;               // 0 = any free one
    std::uint32_t threads = 0;               // 0 = the CPU quota
    std::int64_t memory_soft_limit_mib = 0;  // 0 = a part of the cgroup's memory limit, or none
    std::string part = "1/1";                // of the restaurants, which this node holds: I/N
    std::string certificate_file;            // both or none: TLS
    std::string key_file;
    std::string token_key;           // at least 32 bytes
    std::filesystem::path mail_dir;  // letters become files here
    storage::smtp_options smtp;      // or go to this server; with neither they stay in the outbox
    bool prepare_statements = true;  // false behind pgbouncer in transaction mode
    bool allow_asynchronous_commit = false;
    std::int64_t drain_grace_ms = 0;  // ready is 503 for so long before connections are refused
    std::int64_t drain_timeout_ms = 20'000;
    std::int64_t socket_close_jitter_ms = 3'000;
    std::vector<std::string> trusted_proxies;  // addresses or blocks
    std::string log_format = "auto";           // text on a terminal, else JSON; or which of them
    std::string notify_socket;                 // of a service manager; empty: there is none
    net::app_options app;
    net::http_options http;
};

// The schema must be up to date. `listening` is told the port once requests are answered. Returns the exit
// code: 0 after an orderly stop by SIGTERM or SIGINT. Throws std::runtime_error with one clear line when it
// can't start.
int serve(const serve_options& options, const std::function<void(std::uint16_t port)>& listening);

}  // namespace qtable::tools
