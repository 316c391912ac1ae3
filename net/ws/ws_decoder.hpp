// RFC 6455 frames of a client, decoded as they come, strictly: whatever isn't exactly the protocol ends with
// its close code. No I/O. Unmasks in place; a message that is whole in the input is passed on as a view of
// it, any other is put together in a buffer that goes back when the message is done. Bounds: the message
// limit. Owner: a session's core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "net/io/byte_buffer.hpp"
#include "net/io/utf8.hpp"
#include "net/ws/ws_frame.hpp"

namespace qtable::net {

class ws_decoder {
  public:
    enum class event : std::uint8_t {
        need_more,       // all input is used up
        message,         // `payload`, `is_binary`
        empty_fragment,  // nothing to do, but to be counted: a flood of them is abuse
        ping,
        pong,   // `payload`
        close,  // `code` of the peer (1005 = none)
        error   // `code` to close with
    };

    ws_decoder(std::size_t message_bytes, bool is_binary_allowed) noexcept
        : message_bytes_(message_bytes), is_binary_allowed_(is_binary_allowed) {}

    // Takes from `data` and moves it forward; to be called until `need_more`, or for good after `close` and
    // `error`.
    event next(char*& data, char* end);

    // Valid until the next call.
    std::string_view payload() const noexcept { return payload_; }
    bool is_binary() const noexcept { return is_binary_; }
    std::uint16_t code() const noexcept { return code_; }

  private:
    enum class stage : std::uint8_t { header, payload };

    event parse_header(char*& data, char* end);
    event check_header();
    event take_control(char*& data, char* end);
    event take_data(char*& data, char* end);
    event finish_close();
    event fail(std::uint16_t code) noexcept;
    std::size_t header_size() const noexcept;

    std::size_t message_bytes_;
    byte_buffer message_;
    std::string_view payload_;
    std::uint64_t frame_bytes_ = 0;  // of the present frame's payload
    std::uint64_t frame_taken_ = 0;
    utf8_checker utf8_;
    std::uint16_t code_ = 0;
    std::array<std::uint8_t, 14> header_{};
    std::array<std::uint8_t, 4> mask_{};
    std::uint8_t header_taken_ = 0;
    stage stage_ = stage::header;
    ws_opcode opcode_ = ws_opcode::text;  // of the present frame
    bool is_final_ = false;
    bool is_in_message_ = false;  // a fragmented message is under way
    bool is_binary_ = false;
    bool is_binary_allowed_;
    bool is_message_done_ = false;  // `message_` was passed on and is to be released
    std::uint8_t control_taken_ = 0;
    std::array<char, 125> control_;
};

}  // namespace qtable::net
