// One HTTP GET, for images without a shell. Blocks; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qtable::tools {

struct probe_target {
    std::string host;  // an IPv6 address without its brackets
    std::string port;
    std::string path;
    bool is_tls = false;
};

// "http://host[:port][/path]", or https; without a path it is /healthz. Throws command_error.
probe_target parse_probe_url(std::string_view url);

// 127.0.0.0/8, ::1, localhost.
bool is_this_machine(const probe_target& target) noexcept;

// The status of the answer. Throws command_error with exit_failed when there is none within `timeout_s`, or
// when the certificate is not to be trusted. That of this machine's own server is taken as it is: it is made
// out for another name.
int probe(const probe_target& target, int timeout_s);

}  // namespace qtable::tools
