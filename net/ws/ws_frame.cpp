#include "net/ws/ws_frame.hpp"

#include "core/base/assert.hpp"

namespace qtable::net {
namespace {

constexpr char final_bit = static_cast<char>(0x80);

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>((value >> shift) & 0xff));
}

}  // namespace

ws_frame encode_frame(ws_opcode opcode, std::string_view payload) {
    auto frame = std::make_shared<std::string>();
    frame->reserve(payload.size() + 10);
    frame->push_back(static_cast<char>(final_bit | static_cast<char>(opcode)));
    if (payload.size() < 126) {
        frame->push_back(static_cast<char>(payload.size()));
    } else if (payload.size() <= 0xffff) {
        frame->push_back(126);
        append_big_endian(*frame, payload.size(), 2);
    } else {
        frame->push_back(127);
        append_big_endian(*frame, payload.size(), 8);
    }
    frame->append(payload);
    return frame;
}

ws_frame encode_close(std::uint16_t code, std::string_view reason) {
    QTABLE_ASSERT(reason.size() <= 123);
    if (code == ws_close::no_status) return encode_frame(ws_opcode::close, {});
    std::string payload;
    append_big_endian(payload, code, 2);
    payload.append(reason);
    return encode_frame(ws_opcode::close, payload);
}

}  // namespace qtable::net
