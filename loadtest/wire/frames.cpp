#include "loadtest/wire/frames.hpp"

#include <algorithm>
#include <array>

#include "core/base/assert.hpp"

namespace qtable::loadtest {

namespace {

constexpr int opcode_continuation = 0, opcode_text = 1, opcode_close = 8, opcode_ping = 9, opcode_pong = 10;
constexpr std::size_t small_payload = 125;
constexpr int no_close_code = 1005;

unsigned byte_at(std::string_view bytes, std::size_t at) noexcept {
    return static_cast<unsigned char>(bytes[at]);
}

int close_code_of(std::string_view payload) noexcept {
    if (payload.size() < 2) return no_close_code;
    return static_cast<int>(byte_at(payload, 0) << 8 | byte_at(payload, 1));
}

}  // namespace

void frame_reader::clear() noexcept {
    kept_.clear();
    coming_ = {};
    at_ = 0;
    message_.clear();
    is_partial_ = false;
}

std::string_view frame_reader::rest() const noexcept {
    return kept_.empty() ? coming_.substr(at_) : std::string_view(kept_).substr(at_);
}

void frame_reader::feed(std::string_view bytes) {
    if (!kept_.empty()) {
        kept_.erase(0, at_);
        kept_.append(bytes);
    } else {
        coming_ = bytes;
    }
    at_ = 0;
}

std::size_t frame_reader::frame_bytes(std::size_t& head) const noexcept {
    const std::string_view bytes = rest();
    if (bytes.size() < 2) return 0;
    std::uint64_t size = byte_at(bytes, 1) & 0x7F;
    head = 2;
    const std::size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (bytes.size() < head + extra) return 0;
    if (extra > 0) size = 0;
    for (std::size_t i = 0; i < extra; ++i) size = size << 8 | byte_at(bytes, head + i);
    head += extra;
    if (size > message_bytes_max) return head;  // `next` sees that it is too short
    return bytes.size() - head < size ? 0 : head + static_cast<std::size_t>(size);
}

std::optional<frame> frame_reader::next() {
    for (;;) {
        std::size_t head = 0;
        const std::size_t size = frame_bytes(head);
        if (size == 0) {
            if (kept_.empty())
                kept_ = std::string(rest());
            else
                kept_.erase(0, at_);
            at_ = 0;
            coming_ = {};
            return std::nullopt;
        }
        const std::string_view whole = rest().substr(0, size);
        at_ += size;
        const std::string_view payload = whole.substr(head);
        const int opcode = static_cast<int>(byte_at(whole, 0) & 0x0F);
        const bool is_final = (byte_at(whole, 0) & 0x80) != 0;
        const bool is_masked_or_reserved = (byte_at(whole, 1) & 0x80) != 0 || (byte_at(whole, 0) & 0x70) != 0;
        const bool is_too_big = payload.empty() && (byte_at(whole, 1) & 0x7F) == 127;
        if (is_masked_or_reserved || is_too_big) return frame{frame_kind::broken, {}, 0};
        if (opcode == opcode_close) return frame{frame_kind::close, payload, close_code_of(payload)};
        if (opcode == opcode_ping) return frame{frame_kind::ping, payload, 0};
        if (opcode == opcode_pong) return frame{frame_kind::pong, payload, 0};
        if (opcode != (is_partial_ ? opcode_continuation : opcode_text))
            return frame{frame_kind::broken, {}, 0};
        if (is_final && !is_partial_) return frame{frame_kind::text, payload, 0};
        if (!is_partial_) message_.clear();
        message_.append(payload);
        is_partial_ = !is_final;
        if (message_.size() > message_bytes_max) return frame{frame_kind::broken, {}, 0};
        if (is_final) return frame{frame_kind::text, message_, 0};
    }
}

std::string client_frame(int opcode, std::string_view payload) {
    QTABLE_ASSERT(payload.size() <= small_payload);
    // Any key will do: nobody sits between us and the target.
    constexpr std::array<unsigned, 4> mask = {0x5A, 0xC3, 0x3C, 0xA5};
    std::string made;
    made += static_cast<char>(0x80 | opcode);
    made += static_cast<char>(0x80 | payload.size());
    for (const unsigned each : mask) made += static_cast<char>(each);
    for (std::size_t i = 0; i < payload.size(); ++i)
        made += static_cast<char>(byte_at(payload, i) ^ mask[i % mask.size()]);
    return made;
}

}  // namespace qtable::loadtest
