// The remote end of a connection: 16 bytes (IPv4 as ::ffff:a.b.c.d) and a port. A plain value, any core.
#pragma once

#include <array>
#include <cstdint>
#include <string>

struct sockaddr;

namespace qtable::net {

struct peer_address {
    std::array<std::uint8_t, 16> bytes{};
    std::uint16_t port = 0;

    static peer_address from(const sockaddr& address) noexcept;
    bool is_v4() const noexcept;
    // Without the port: `203.0.113.7` or `2001:db8::1`.
    std::string text() const;
    friend bool operator==(const peer_address&, const peer_address&) = default;
};

}  // namespace qtable::net
