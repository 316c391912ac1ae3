// An answer's place in the order of a connection's pipeline, while it can't be written at once: its request
// is answered later, or an earlier one is. Owner: one connection; recycled through its core's `http_scratch`.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/limits.hpp"
#include "net/http/response.hpp"
#include "net/io/next_protocol.hpp"

namespace qtable::net {

struct pending_answer {
    std::uint64_t request = 0;
    response answer;                      // once it is ready
    std::string written;                  // instead of `answer`: complete bytes of an inline answer
    std::unique_ptr<next_protocol> next;  // instead of both: 101
    std::string subprotocol;
    std::array<char, 28> accept_key{};  // of the WebSocket handshake
    std::array<char, limits::request_id_chars> request_id_chars{};
    std::uint8_t request_id_size = 0;
    bool is_ready = false;
    bool is_written = false;
    bool is_head = false;     // asked with HEAD
    bool is_old = false;      // HTTP/1.0: keep-alive has to be said
    bool is_close = false;    // the last answer of its connection
    bool is_upgrade = false;  // asked for a WebSocket

    std::string_view request_id() const noexcept { return {request_id_chars.data(), request_id_size}; }
};

}  // namespace qtable::net
