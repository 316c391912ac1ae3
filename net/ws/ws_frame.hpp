// A message encoded once as a WebSocket frame and then shared by every session it goes to, on any core.
// Immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace qtable::net {

using ws_frame = std::shared_ptr<const std::string>;

enum class ws_opcode : std::uint8_t {
    continuation = 0,
    text = 1,
    binary = 2,
    close = 8,
    ping = 9,
    pong = 10
};

// An unmasked, unfragmented frame as a server sends it. Text must be valid UTF-8.
ws_frame encode_frame(ws_opcode opcode, std::string_view payload);
inline ws_frame encode_text(std::string_view payload) {
    return encode_frame(ws_opcode::text, payload);
}
ws_frame encode_close(std::uint16_t code, std::string_view reason);

namespace ws_close {
constexpr std::uint16_t normal = 1000;
constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t protocol_error = 1002;
constexpr std::uint16_t unsupported = 1003;
constexpr std::uint16_t no_status = 1005;  // never on the wire
constexpr std::uint16_t abnormal = 1006;   // never on the wire
constexpr std::uint16_t invalid_utf8 = 1007;
constexpr std::uint16_t policy = 1008;
constexpr std::uint16_t too_big = 1009;
constexpr std::uint16_t internal = 1011;
constexpr std::uint16_t restart = 1012;
constexpr std::uint16_t token_expired = 4401;
constexpr std::uint16_t slow_consumer = 4408;
}  // namespace ws_close

}  // namespace qtable::net
