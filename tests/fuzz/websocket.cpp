// What a client sends on a WebSocket. However the bytes are cut the same events come out, within their
// bounds, text is UTF-8, and messages that are framed again come out again.
#include <algorithm>
#include <array>
#include <vector>

#include "core/base/limits.hpp"
#include "net/io/utf8.hpp"
#include "net/ws/ws_decoder.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace qtable::net {
namespace {

using event = ws_decoder::event;

struct told {
    event what = event::need_more;
    std::string payload;
    bool is_binary = false;
    std::uint16_t code = 0;
    friend bool operator==(const told&, const told&) = default;
};

struct options {
    std::size_t message_bytes = 0;
    bool is_binary_allowed = false;
};

bool is_close_code(int code) {
    constexpr std::array sendable = {1000, 1001, 1002, 1003, 1005, 1007, 1008,
                                     1009, 1010, 1011, 1012, 1013, 1014};
    return (code >= 3000 && code < 5000) ||
           std::find(sendable.begin(), sendable.end(), code) != sendable.end();
}

void check(const told& what, const options& with) {
    switch (what.what) {
        case event::message:
            QTABLE_ASSERT(what.payload.size() <= with.message_bytes);
            QTABLE_ASSERT(what.is_binary ? with.is_binary_allowed : is_utf8(what.payload));
            break;
        case event::ping:
        case event::pong:
            QTABLE_ASSERT(what.payload.size() <= 125);
            break;
        case event::close:
            QTABLE_ASSERT(is_close_code(what.code));
            break;
        case event::error:
            QTABLE_ASSERT(what.code == ws_close::protocol_error || what.code == ws_close::unsupported ||
                          what.code == ws_close::invalid_utf8 || what.code == ws_close::too_big);
            break;
        case event::empty_fragment:
        case event::need_more:
            break;
    }
}

std::vector<told> decode(std::string_view stream, const options& with, std::uint8_t seed) {
    std::vector<told> all;
    ws_decoder decoder(with.message_bytes, with.is_binary_allowed);
    fuzz::in_slices(stream, seed, [&](std::span<char> piece) {
        char* at = piece.data();
        char* const end = at + piece.size();
        for (;;) {
            told now;
            now.what = decoder.next(at, end);
            QTABLE_ASSERT(at >= piece.data() && at <= end);
            if (now.what == event::need_more) {
                QTABLE_ASSERT(at == end);
                return true;
            }
            if (now.what == event::message || now.what == event::ping || now.what == event::pong)
                now.payload = decoder.payload();
            if (now.what == event::message) now.is_binary = decoder.is_binary();
            if (now.what == event::close || now.what == event::error) now.code = decoder.code();
            check(now, with);
            all.push_back(now);
            if (now.what == event::close || now.what == event::error) return false;
        }
    });
    return all;
}

void append_frame(std::string& to, ws_opcode opcode, std::string_view payload, bool is_final,
                  std::uint8_t mask) {
    to.push_back(static_cast<char>(static_cast<int>(opcode) | (is_final ? 0x80 : 0)));
    if (payload.size() < 126) {
        to.push_back(static_cast<char>(0x80U | payload.size()));
    } else {
        to.push_back(static_cast<char>(0x80U | 126U));
        to.push_back(static_cast<char>(payload.size() >> 8));
        to.push_back(static_cast<char>(payload.size() & 0xffU));
    }
    const std::array<char, 4> key{static_cast<char>(mask), 'a', static_cast<char>(mask ^ 0x5aU), '\x7f'};
    to.append(key.data(), key.size());
    for (std::size_t i = 0; i < payload.size(); ++i)
        to.push_back(static_cast<char>(payload[i] ^ key[i % key.size()]));
}

// The messages of `events`, each in fragments with a ping in between.
std::string framed(const std::vector<told>& events, std::uint8_t seed) {
    std::string stream;
    for (const told& each : events) {
        if (each.what != event::message) continue;
        ws_opcode opcode = each.is_binary ? ws_opcode::binary : ws_opcode::text;
        fuzz::in_slices(each.payload, seed, [&](std::span<char> piece) {
            append_frame(stream, opcode, {piece.data(), piece.size()}, false, seed);
            append_frame(stream, ws_opcode::ping, "still there?", true, seed);
            opcode = ws_opcode::continuation;
            return true;
        });
        append_frame(stream, opcode, "", true, seed);
    }
    return stream;
}

std::vector<told> messages_of(const std::vector<told>& events) {
    std::vector<told> messages;
    for (const told& each : events)
        if (each.what == event::message) messages.push_back(each);
    return messages;
}

// What we send is a frame whose length is that of its payload.
void check_sent(std::string_view payload) {
    const ws_frame frame = encode_text(payload);
    const std::size_t head = payload.size() < 126 ? 2 : payload.size() <= 0xffff ? 4 : 10;
    QTABLE_ASSERT(frame->size() == head + payload.size() && frame->ends_with(payload));
}

}  // namespace
}  // namespace qtable::net

// The first byte: where the stream is cut; the second: the limit of a message, and whether it may be binary.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qtable::net;
    qtable::fuzz::input in(data, size);
    const auto seed = in.take<std::uint8_t>();
    const auto limit = in.take<std::uint8_t>();
    const options with{(limit & 0x7fU) * std::size_t{8}, (limit & 0x80U) != 0};
    const auto whole = decode(in.rest(), with, 0);
    QTABLE_ASSERT(whole == decode(in.rest(), with, seed));
    const auto again = decode(framed(whole, seed), with, static_cast<std::uint8_t>(seed + 1));
    QTABLE_ASSERT(messages_of(again) == messages_of(whole));
    check_sent(in.rest());
    return 0;
}
