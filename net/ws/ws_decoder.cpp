#include "net/ws/ws_decoder.hpp"

#include <algorithm>
#include <cstring>

namespace qtable::net {
namespace {

// `offset` is how much of the frame came before: the mask goes on from there.
void unmask(char* data, std::size_t size, const std::array<std::uint8_t, 4>& mask,
            std::uint64_t offset) noexcept {
    std::array<std::uint8_t, 8> turned;
    for (std::size_t i = 0; i < turned.size(); ++i) turned[i] = mask[(offset + i) % 4];
    std::uint64_t wide = 0;
    std::memcpy(&wide, turned.data(), sizeof wide);
    std::size_t i = 0;
    for (std::uint64_t word = 0; i + sizeof word <= size; i += sizeof word) {
        std::memcpy(&word, data + i, sizeof word);
        word ^= wide;
        std::memcpy(data + i, &word, sizeof word);
    }
    for (; i < size; ++i) data[i] = static_cast<char>(static_cast<std::uint8_t>(data[i]) ^ turned[i % 8]);
}

bool is_control(ws_opcode opcode) noexcept {
    return static_cast<std::uint8_t>(opcode) >= 8;
}

// What a peer may send: the registered codes but those that stand for "none", and the ranges for
// applications.
bool is_sendable_code(unsigned code) noexcept {
    if (code >= 3000 && code <= 4999) return true;
    return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

}  // namespace

ws_decoder::event ws_decoder::fail(std::uint16_t code) noexcept {
    code_ = code;
    return event::error;
}

std::size_t ws_decoder::header_size() const noexcept {
    if (header_taken_ < 2) return 2;
    const unsigned length = header_[1] & 0x7fu;
    return 2u + 4u + (length == 126 ? 2u : length == 127 ? 8u : 0u);
}

ws_decoder::event ws_decoder::next(char*& data, char* end) {
    if (is_message_done_) {
        message_.release();
        is_message_done_ = false;
    }
    for (;;) {
        event what = event::need_more;
        if (stage_ == stage::header)
            what = parse_header(data, end);
        else
            what = is_control(opcode_) ? take_control(data, end) : take_data(data, end);
        // A header or a fragment that only leads to the next thing isn't an event of its own.
        if (what != event::need_more || data == end) {
            const bool is_empty_payload_due =
                what == event::need_more && stage_ == stage::payload && frame_bytes_ == 0;
            if (!is_empty_payload_due) return what;
        }
    }
}

ws_decoder::event ws_decoder::parse_header(char*& data, char* end) {
    while (data != end && header_taken_ < header_size()) {
        header_[header_taken_++] = static_cast<std::uint8_t>(*data++);
        // The first two bytes already tell most violations: a peer that stops there gets its answer.
        if (header_taken_ == 2)
            if (const event bad = check_header(); bad != event::need_more) return bad;
    }
    if (header_taken_ < header_size()) return event::need_more;
    const std::size_t size = header_size();
    frame_bytes_ = header_[1] & 0x7fu;
    if (size > 6) {
        const std::uint64_t least = size == 8 ? 126 : 0x10000;
        frame_bytes_ = 0;
        for (std::size_t i = 2; i < size - 4; ++i) frame_bytes_ = frame_bytes_ << 8 | header_[i];
        if (frame_bytes_ < least || frame_bytes_ >> 63 != 0) return fail(ws_close::protocol_error);
    }
    if (!is_control(opcode_) && frame_bytes_ > message_bytes_ - message_.size())
        return fail(ws_close::too_big);
    std::copy_n(header_.begin() + static_cast<std::ptrdiff_t>(size - 4), 4, mask_.begin());
    frame_taken_ = 0;
    control_taken_ = 0;
    header_taken_ = 0;
    stage_ = stage::payload;
    return event::need_more;
}

ws_decoder::event ws_decoder::check_header() {
    const unsigned first = header_[0], second = header_[1];
    opcode_ = static_cast<ws_opcode>(first & 0x0f);
    is_final_ = (first & 0x80) != 0;
    const bool is_known = (first & 0x0f) <= 2 || ((first & 0x0f) >= 8 && (first & 0x0f) <= 10);
    if ((first & 0x70) != 0 || !is_known || (second & 0x80) == 0) return fail(ws_close::protocol_error);
    if (is_control(opcode_))
        return !is_final_ || (second & 0x7f) > 125 ? fail(ws_close::protocol_error) : event::need_more;
    if ((opcode_ == ws_opcode::continuation) != is_in_message_) return fail(ws_close::protocol_error);
    if (opcode_ == ws_opcode::binary && !is_binary_allowed_) return fail(ws_close::unsupported);
    if (opcode_ != ws_opcode::continuation) {
        is_binary_ = opcode_ == ws_opcode::binary;
        utf8_.reset();
    }
    return event::need_more;
}

ws_decoder::event ws_decoder::take_control(char*& data, char* end) {
    const auto size = static_cast<std::size_t>(
        std::min<std::uint64_t>(frame_bytes_ - frame_taken_, static_cast<std::uint64_t>(end - data)));
    unmask(data, size, mask_, frame_taken_);
    std::copy_n(data, size, control_.begin() + control_taken_);
    data += size;
    frame_taken_ += size;
    control_taken_ = static_cast<std::uint8_t>(control_taken_ + size);
    if (frame_taken_ < frame_bytes_) return event::need_more;
    stage_ = stage::header;
    payload_ = {control_.data(), control_taken_};
    if (opcode_ == ws_opcode::ping) return event::ping;
    return opcode_ == ws_opcode::pong ? event::pong : finish_close();
}

ws_decoder::event ws_decoder::finish_close() {
    if (payload_.empty()) {
        code_ = ws_close::no_status;
        return event::close;
    }
    if (payload_.size() == 1) return fail(ws_close::protocol_error);
    const unsigned code = static_cast<unsigned>(static_cast<std::uint8_t>(payload_[0])) << 8 |
                          static_cast<std::uint8_t>(payload_[1]);
    if (!is_sendable_code(code)) return fail(ws_close::protocol_error);
    if (!is_utf8(payload_.substr(2))) return fail(ws_close::invalid_utf8);
    code_ = static_cast<std::uint16_t>(code);
    return event::close;
}

ws_decoder::event ws_decoder::take_data(char*& data, char* end) {
    const auto size = static_cast<std::size_t>(
        std::min<std::uint64_t>(frame_bytes_ - frame_taken_, static_cast<std::uint64_t>(end - data)));
    char* const piece = data;
    data += size;
    unmask(piece, size, mask_, frame_taken_);
    const bool is_whole_frame = frame_taken_ == 0 && size == frame_bytes_;
    frame_taken_ += size;
    if (!is_binary_ && !utf8_.feed({piece, size})) return fail(ws_close::invalid_utf8);
    if (frame_taken_ < frame_bytes_) {
        message_.append(piece, size);
        return event::need_more;
    }
    stage_ = stage::header;
    const bool is_whole_message = is_whole_frame && is_final_ && !is_in_message_;
    if (!is_whole_message) message_.append(piece, size);
    is_in_message_ = !is_final_;
    if (!is_final_) return frame_bytes_ == 0 ? event::empty_fragment : event::need_more;
    if (!is_binary_ && !utf8_.is_complete()) return fail(ws_close::invalid_utf8);
    payload_ = is_whole_message ? std::string_view(piece, size) : message_.view();
    is_message_done_ = true;
    return event::message;
}

}  // namespace qtable::net
