// WebSocket frames as a client reads and writes them (RFC 6455): whole text messages out of the pieces that a
// socket gives, pings, closes. One per socket, one thread. Bounds: a message of `message_bytes_max`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qtable::loadtest {

enum class frame_kind : std::uint8_t { text, ping, pong, close, broken };

struct frame {
    frame_kind kind = frame_kind::broken;
    std::string_view payload;  // valid until the reader is fed again
    int close_code = 0;        // 1005 when a close names none
};

class frame_reader {
  public:
    static constexpr std::size_t message_bytes_max = 16 * 1024 * 1024;

    void clear() noexcept;
    // `bytes` stay valid until `next` has given none.
    void feed(std::string_view bytes);
    std::optional<frame> next();

  private:
    // Of the frame at the beginning of the bytes; 0 = not all of it is there.
    std::size_t frame_bytes(std::size_t& head) const noexcept;
    std::string_view rest() const noexcept;

    std::string kept_;         // what came before and makes no whole frame
    std::string_view coming_;  // what was fed, when nothing is kept
    std::size_t at_ = 0;
    std::string message_;  // of a message in several frames
    bool is_partial_ = false;
};

// A masked frame; `opcode` 1 text, 8 close, 9 ping, 10 pong; at most 125 bytes.
std::string client_frame(int opcode, std::string_view payload);

}  // namespace qtable::loadtest
