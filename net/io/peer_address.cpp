#include "net/io/peer_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace qtable::net {
namespace {
constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

peer_address peer_address::from(const sockaddr& address) noexcept {
    peer_address peer;
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        std::copy(v4_prefix.begin(), v4_prefix.end(), peer.bytes.begin());
        std::memcpy(peer.bytes.data() + v4_prefix.size(), &v4.sin_addr, 4);
        peer.port = ntohs(v4.sin_port);
    } else if (address.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        std::memcpy(peer.bytes.data(), &v6.sin6_addr, 16);
        peer.port = ntohs(v6.sin6_port);
    }
    return peer;
}

std::optional<peer_address> peer_address::parse(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        text = text.substr(1, end - 1);
    } else if (colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
        text = text.substr(0, colon);
    }
    const std::string ended(text);
    peer_address made;
    std::copy(v4_prefix.begin(), v4_prefix.end(), made.bytes.begin());
    if (::inet_pton(AF_INET, ended.c_str(), made.bytes.data() + v4_prefix.size()) == 1) return made;
    if (::inet_pton(AF_INET6, ended.c_str(), made.bytes.data()) == 1) return made;
    return std::nullopt;
}

bool peer_address::is_loopback() const noexcept {
    if (is_v4()) return bytes[v4_prefix.size()] == 127;
    return bytes[15] == 1 && std::all_of(bytes.begin(), bytes.end() - 1, [](auto byte) { return byte == 0; });
}

bool peer_address::is_v4() const noexcept {
    return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin());
}

std::string peer_address::text() const {
    char out[INET6_ADDRSTRLEN] = "";
    if (is_v4())
        ::inet_ntop(AF_INET, bytes.data() + v4_prefix.size(), out, sizeof out);
    else
        ::inet_ntop(AF_INET6, bytes.data(), out, sizeof out);
    return out;
}

}  // namespace qtable::net
