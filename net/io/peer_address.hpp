// The remote end of a connection: 16 bytes (IPv4 as ::ffff:a.b.c.d) and a port. A plain value, any core.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace qtable::net {

struct peer_address {
    std::array<std::uint8_t, 16> bytes{};
    std::uint16_t port = 0;

    static peer_address from(const sockaddr& address) noexcept;
    // As proxies write it: `203.0.113.7`, `2001:db8::1`, `[2001:db8::1]`, the first and the last also with a
    // port, which is left out. Nothing: it is no address.
    static std::optional<peer_address> parse(std::string_view text);
    bool is_v4() const noexcept;
    bool is_loopback() const noexcept;  // 127.0.0.0/8 or ::1
    // Without the port: `203.0.113.7` or `2001:db8::1`.
    std::string text() const;
    friend bool operator==(const peer_address&, const peer_address&) = default;
};

}  // namespace qtable::net
