// One plain HTTP GET over a blocking socket, for images without a shell. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qtable::tools {

struct probe_target {
    std::string host;
    std::string port;
    std::string path;
};

// "http://host[:port][/path]"; without a path it is /healthz. Throws command_error (https isn't spoken here).
probe_target parse_probe_url(std::string_view url);

// The status of the answer. Throws command_error with exit_failed when there is none within `timeout_s`.
int probe(const probe_target& target, int timeout_s);

}  // namespace qtable::tools
