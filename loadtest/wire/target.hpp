// Who is put under load: "http://host:port", resolved once. Any thread. Errors: `usage_error`, one line that
// says what to change.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace qtable::loadtest {

struct target {
    std::string url;   // as given, without a slash at its end
    std::string host;  // the Host field: with the port, unless that is 80
    sockaddr_storage address{};
    socklen_t address_bytes = 0;

    bool is_loopback() const noexcept;
    const sockaddr* raw_address() const noexcept;
};

// The parts of the URL, without looking anything up.
struct target_parts {
    std::string host;
    std::string port;
};
target_parts parse_target(std::string_view url);
// The first address of the name where somebody listens. Throws when one of them isn't loopback, unless
// `is_owned`: load on somebody else's server is an attack.
target resolve_target(const std::string& url, bool is_owned);

// A socket that is connected, or about to be: non-blocking, TCP_NODELAY. -1 and errno when even that fails.
int start_connection(const target& to) noexcept;

}  // namespace qtable::loadtest
