// The HTTP side of a WebSocket's beginning (RFC 6455, 4.2): is the request a proper handshake, and what is
// its key's answer. Plain functions, any core.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "net/http/head_scan.hpp"
#include "net/http/request.hpp"

namespace qtable::net {

// Nothing when the request is a handshake of version 13; else 400 or 426. Origins are the caller's affair.
std::optional<refusal> check_websocket_handshake(const request& request) noexcept;

// The value of Sec-WebSocket-Accept.
std::array<char, 28> websocket_accept_key(std::string_view key) noexcept;

}  // namespace qtable::net
