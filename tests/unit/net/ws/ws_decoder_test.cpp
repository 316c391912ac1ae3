// Every row of the WebSocket table that concerns frames, at every place where the bytes may be cut.
#include "net/ws/ws_decoder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace qtable::net {
namespace ws_decoder_test {

using event = ws_decoder::event;
constexpr std::size_t message_limit = 70'000;

// One client's frame. `first` is the opcode with its FIN and RSV bits.
std::string frame(unsigned first, const std::string& payload, int length_form = 0) {
    std::string out(1, static_cast<char>(first));
    const std::size_t size = payload.size();
    const int form = length_form != 0 ? length_form : size < 126 ? 7 : size < 0x10000 ? 16 : 64;
    out.push_back(static_cast<char>(0x80 | (form == 7 ? size : form == 16 ? 126u : 127u)));
    for (int shift = form == 7 ? -8 : form - 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(static_cast<std::uint64_t>(size) >> shift));
    const std::array<char, 4> mask{'\x12', '\xfe', '\x00', '\x9a'};
    out.append(mask.data(), mask.size());
    for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
    return out;
}

struct listener {
    ws_decoder decoder;
    std::string log;  // what happened, one letter each: m p o c e f(empty fragment), with what came
    bool is_over = false;

    explicit listener(bool is_binary_allowed = true) : decoder(message_limit, is_binary_allowed) {}
    void feed(std::string bytes) {
        char* data = bytes.data();
        char* const end = data + bytes.size();
        while (!is_over) {
            const event what = decoder.next(data, end);
            if (what == event::need_more) {
                EXPECT_EQ(data, end);
                return;
            }
            static constexpr std::string_view letters = "-mfpoce";
            log.push_back(letters[static_cast<std::size_t>(what)]);
            if (what == event::message) log += decoder.is_binary() ? "b" : "t";
            if (what == event::message || what == event::ping || what == event::pong)
                log.append("(").append(decoder.payload()).append(")");
            is_over = what == event::close || what == event::error;
            if (is_over) log += std::to_string(decoder.code());
        }
    }
};

void expect_log(const std::string& bytes, const std::string& log, bool is_binary_allowed = true) {
    const std::size_t step = bytes.size() > 2000 ? 997 : 1;
    for (std::size_t cut = 0; cut <= bytes.size(); cut += step) {
        listener two(is_binary_allowed);
        two.feed(bytes.substr(0, cut));
        two.feed(bytes.substr(cut));
        ASSERT_EQ(two.log, log) << "cut at " << cut;
    }
    if (bytes.size() > 2000) return;
    listener many(is_binary_allowed);
    for (const char c : bytes) many.feed(std::string(1, c));
    ASSERT_EQ(many.log, log) << "byte by byte";
}

TEST(ws_decoder, takes_messages_of_all_lengths) {
    expect_log(frame(0x81, ""), "mt()");
    expect_log(frame(0x81, "hello") + frame(0x82, "\xff\x00x"), "mt(hello)mb(\xff)");
    for (const std::size_t size : {1u, 7u, 8u, 9u, 125u, 126u, 127u, 65535u, 65536u, 70000u}) {
        const std::string text(size, 'q');
        expect_log(frame(0x81, text), "mt(" + text + ")");
    }
}

TEST(ws_decoder, joins_fragments_around_control_frames) {
    expect_log(frame(0x01, "one ") + frame(0x89, "ping") + frame(0x00, "two ") + frame(0x8a, "") +
                   frame(0x80, "three") + frame(0x81, "next"),
               "p(ping)o()mt(one two three)mt(next)");
    expect_log(frame(0x01, "") + frame(0x00, "") + frame(0x80, "x"), "ffmt(x)");
    expect_log(frame(0x02, "a") + frame(0x80, ""), "mb(a)");
}

TEST(ws_decoder, wants_masked_frames) {
    expect_log(std::string("\x81\x05hello", 7), "e1002");
    expect_log(std::string("\x89\x00", 2), "e1002");
}

TEST(ws_decoder, refuses_reserved_bits_and_opcodes) {
    for (const unsigned bits : {0xc1u, 0xa1u, 0x91u, 0xf1u}) expect_log(frame(bits, "x"), "e1002");
    for (const unsigned opcode : {0x83u, 0x84u, 0x85u, 0x86u, 0x87u, 0x8bu, 0x8cu, 0x8du, 0x8eu, 0x8fu})
        expect_log(frame(opcode, ""), "e1002");
}

TEST(ws_decoder, refuses_bad_control_frames) {
    expect_log(frame(0x09, "cut"), "e1002");
    expect_log(frame(0x08, ""), "e1002");
    expect_log(frame(0x89, std::string(126, 'x')), "e1002");
    expect_log(frame(0x89, std::string(125, 'x')), "p(" + std::string(125, 'x') + ")");
}

TEST(ws_decoder, refuses_fragments_out_of_order) {
    expect_log(frame(0x80, "x"), "e1002");
    expect_log(frame(0x00, "x"), "e1002");
    expect_log(frame(0x01, "x") + frame(0x81, "y"), "e1002");
    expect_log(frame(0x01, "x") + frame(0x02, "y"), "e1002");
}

TEST(ws_decoder, refuses_lengths_that_are_not_minimal) {
    expect_log(frame(0x81, "hello", 16), "e1002");
    expect_log(frame(0x81, "hello", 64), "e1002");
    expect_log(frame(0x81, std::string(65535, 'x'), 64), "e1002");
    expect_log(frame(0x89, "hello", 16), "e1002");
    std::string negative = frame(0x81, "x", 64);
    negative[2] = '\x80';
    expect_log(negative, "e1002");
}

TEST(ws_decoder, checks_close_frames) {
    const auto close = [](unsigned code, const std::string& reason) {
        return frame(0x88, std::string{static_cast<char>(code >> 8), static_cast<char>(code)} + reason);
    };
    expect_log(frame(0x88, ""), "c1005");
    for (const unsigned code : {1000u, 1001u, 1002u, 1003u, 1007u, 1011u, 1012u, 1014u, 3000u, 4999u})
        expect_log(close(code, "bye"), "c" + std::to_string(code));
    for (const unsigned code : {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 2999u, 5000u, 65535u})
        expect_log(close(code, ""), "e1002");
    expect_log(frame(0x88, "x"), "e1002");
    expect_log(close(1000, "\xff"), "e1007");
}

TEST(ws_decoder, checks_text_across_fragments) {
    expect_log(frame(0x01, "\xf0\x9f") + frame(0x00, "\x8d") + frame(0x80, "\xbd"), "mt(\xf0\x9f\x8d\xbd)");
    expect_log(frame(0x81, "\xc0\xaf"), "e1007");
    expect_log(frame(0x81, "\xed\xa0\x80"), "e1007");
    expect_log(frame(0x81, "cut \xc3"), "e1007");
    expect_log(frame(0x01, "\xc3") + frame(0x80, "x"), "e1007");
    expect_log(frame(0x01, "\xc3") + frame(0x80, ""), "e1007");
    expect_log(frame(0x82, "\xff\xfe"), "mb(\xff\xfe)");
    expect_log(frame(0x81, "a") + frame(0x01, "\xc3") + frame(0x80, "\xb8") + frame(0x81, "b"),
               "mt(a)mt(\xc3\xb8)mt(b)");
}

TEST(ws_decoder, refuses_what_is_too_big_by_its_header) {
    expect_log(frame(0x81, std::string(message_limit + 1, 'x')).substr(0, 14), "e1009");
    expect_log(frame(0x01, std::string(40'000, 'x')) + frame(0x80, std::string(40'000, 'x')), "e1009");
}

TEST(ws_decoder, takes_binary_only_where_it_is_allowed) {
    expect_log(frame(0x82, "x"), "e1003", false);
    expect_log(frame(0x81, "x"), "mt(x)", false);
}

TEST(ws_frame, is_encoded_as_a_server_does) {
    EXPECT_EQ(*encode_text("hi"), "\x81\x02hi");
    EXPECT_EQ(encode_text(std::string(126, 'x'))->substr(0, 4), std::string("\x81\x7e\x00\x7e", 4));
    EXPECT_EQ(encode_frame(ws_opcode::binary, std::string(65536, 'x'))->substr(0, 10),
              std::string("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
    EXPECT_EQ(*encode_close(4408, "slow"), std::string("\x88\x06\x11\x38slow", 8));
    EXPECT_EQ(*encode_close(ws_close::no_status, ""), std::string("\x88\x00", 2));
}

}  // namespace ws_decoder_test
}  // namespace qtable::net
