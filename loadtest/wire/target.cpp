#include "loadtest/wire/target.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "loadtest/failure.hpp"

namespace qtable::loadtest {

namespace {

constexpr std::string_view scheme = "http://";
constexpr std::uint32_t loopback_net = 127;
constexpr int connect_ms = 5'000;

bool is_port(const std::string& text) {
    const bool is_number = !text.empty() && text.size() <= 5 &&
                           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return is_number && std::stoi(text) >= 1 && std::stoi(text) <= 65535;
}

// 0, or why nobody is there.
int try_connection(const target& to) {
    const int fd = start_connection(to);
    if (fd < 0) return errno;
    pollfd waiting{fd, POLLOUT, 0};
    int error = ::poll(&waiting, 1, connect_ms) == 1 ? 0 : ETIMEDOUT;
    socklen_t bytes = sizeof error;
    if (error == 0) ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &bytes);
    ::close(fd);
    return error;
}

}  // namespace

bool target::is_loopback() const noexcept {
    if (address.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == loopback_net;
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    const bool is_mapped = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == loopback_net;
    return is_mapped || IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

const sockaddr* target::raw_address() const noexcept {
    const void* const any = &address;
    return static_cast<const sockaddr*>(any);
}

target_parts parse_target(std::string_view url) {
    const std::string given(url);
    if (url.starts_with("https://"))
        throw usage_error("--target " + given + ": https isn't spoken here, put load on the plain port");
    if (!url.starts_with(scheme)) throw usage_error("--target " + given + ": must begin with http://");
    url.remove_prefix(scheme.size());
    while (url.ends_with('/')) url.remove_suffix(1);
    target_parts made{{}, "80"};
    const std::size_t bracket = url.starts_with('[') ? url.find(']') : std::string_view::npos;
    const std::size_t colon = url.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        made.port = url.substr(colon + 1);
        url = url.substr(0, colon);
    }
    made.host = bracket == std::string_view::npos ? url : url.substr(1, bracket - 1);
    const bool is_odd = made.host.empty() || made.host.find_first_of("/?#@ \t\r\n") != std::string::npos;
    if (is_odd || !is_port(made.port))
        throw usage_error("--target " + given + ": is not of the form http://HOST:PORT");
    return made;
}

target resolve_target(const std::string& url, bool is_owned) {
    const target_parts parts = parse_target(url);
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(parts.host.c_str(), parts.port.c_str(), &wanted, &found); error != 0)
        throw usage_error("--target " + url + ": " + ::gai_strerror(error));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
    target made;
    made.url = url;
    while (made.url.ends_with('/')) made.url.pop_back();
    const bool is_v6 = parts.host.find(':') != std::string::npos;
    made.host = is_v6 ? '[' + parts.host + ']' : parts.host;
    if (parts.port != "80") made.host += ':' + parts.port;
    std::string why;
    for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
        made.address_bytes = at->ai_addrlen;
        std::memcpy(&made.address, at->ai_addr, at->ai_addrlen);
        if (!is_owned && !made.is_loopback())
            throw usage_error(
                "--target " + url +
                ": is not this machine; add --i-own-this-target if it is yours to put under load");
        const int error = try_connection(made);
        if (error == 0) return made;
        why = std::strerror(error);
    }
    throw usage_error("--target " + url + ": " + why);
}

int start_connection(const target& to) noexcept {
    const int fd = ::socket(to.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd < 0) return -1;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd, to.raw_address(), to.address_bytes) != 0 && errno != EINPROGRESS) {
        const int error = errno;
        ::close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

}  // namespace qtable::loadtest
