#include "tools/qtable/cli/health_probe.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {

namespace {

constexpr std::size_t status_at = 9;  // "HTTP/1.1 200"
constexpr std::size_t status_size = 3;

class socket_guard {
  public:
    explicit socket_guard(int fd) noexcept : fd_(fd) {}
    ~socket_guard() {
        if (fd_ >= 0) close(fd_);
    }
    socket_guard(const socket_guard&) = delete;
    socket_guard& operator=(const socket_guard&) = delete;
    int get() const noexcept { return fd_; }

  private:
    int fd_;
};

[[noreturn]] void fail(const probe_target& target, const std::string& why) {
    throw command_error(exit_failed, target.host + ':' + target.port + ": " + why);
}

// Reads until the status is there; empty when the answer is none of HTTP.
std::string ask(int fd, const probe_target& target) {
    const std::string request =
        "GET " + target.path + " HTTP/1.1\r\nHost: " + target.host + "\r\nConnection: close\r\n\r\n";
    if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        return {};
    std::string answer;
    while (answer.size() < status_at + status_size) {
        char chunk[512];
        const ssize_t size = recv(fd, chunk, sizeof chunk, 0);
        if (size <= 0) return {};
        answer.append(chunk, static_cast<std::size_t>(size));
    }
    return answer.starts_with("HTTP/1.") ? answer.substr(status_at, status_size) : std::string();
}

}  // namespace

probe_target parse_probe_url(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme)) throw command_error(exit_configuration, "--url: must begin with http://");
    url.remove_prefix(scheme.size());
    const std::size_t slash = url.find('/');
    std::string_view authority = url.substr(0, slash);
    probe_target target{
        {}, "80", slash == std::string_view::npos ? "/healthz" : std::string(url.substr(slash))};
    const std::size_t colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        target.port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
    }
    if (authority.starts_with('[') && authority.ends_with(']'))
        authority = authority.substr(1, authority.size() - 2);
    target.host = authority;
    const bool odd = target.path.find_first_of(" \r\n") != std::string::npos;
    if (target.host.empty() || target.port.empty() || odd)
        throw command_error(exit_configuration, "--url: no address");
    return target;
}

int probe(const probe_target& target, int timeout_s) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = getaddrinfo(target.host.c_str(), target.port.c_str(), &wanted, &found);
        error != 0) {
        fail(target, gai_strerror(error));
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, freeaddrinfo);
    std::string why = "no address";
    for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
        const socket_guard connection(socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol));
        const timeval limit{timeout_s, 0};
        setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (connect(connection.get(), at->ai_addr, at->ai_addrlen) != 0) {
            why = std::strerror(errno);
            continue;
        }
        const std::string status = ask(connection.get(), target);
        int code = 0;
        std::from_chars(status.data(), status.data() + status.size(), code);
        if (code == 0) fail(target, "no HTTP answer");
        return code;
    }
    fail(target, why);
}

}  // namespace qtable::tools
