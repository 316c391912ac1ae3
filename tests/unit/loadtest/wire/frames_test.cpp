#include "loadtest/wire/frames.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace qtable::loadtest {
namespace frames_test {

std::string server_frame(int first_byte, const std::string& payload) {
    std::string made(1, static_cast<char>(first_byte));
    if (payload.size() < 126) {
        made += static_cast<char>(payload.size());
    } else if (payload.size() < 65'536) {
        made += static_cast<char>(126);
        made += static_cast<char>(payload.size() >> 8);
        made += static_cast<char>(payload.size() & 0xFF);
    } else {
        made += static_cast<char>(127);
        for (int shift = 56; shift >= 0; shift -= 8)
            made += static_cast<char>((payload.size() >> shift) & 0xFF);
    }
    return made + payload;
}

std::vector<std::pair<frame_kind, std::string>> read(const std::string& bytes, std::size_t size) {
    frame_reader reader;
    std::vector<std::pair<frame_kind, std::string>> got;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        const std::string piece = bytes.substr(at, size);
        reader.feed(piece);
        while (const auto each = reader.next()) {
            got.emplace_back(each->kind, std::string(each->payload));
            if (each->kind == frame_kind::broken) return got;
        }
    }
    return got;
}

TEST(frame_reader, reads_messages_however_they_are_cut) {
    const std::string bytes = server_frame(0x81, "{}") + server_frame(0x89, "p") +
                              server_frame(0x81, std::string(300, 'a')) + server_frame(0x81, "") +
                              server_frame(0x81, std::string(70'000, 'b'));
    const std::vector<std::pair<frame_kind, std::string>> expected = {
        {frame_kind::text, "{}"},
        {frame_kind::ping, "p"},
        {frame_kind::text, std::string(300, 'a')},
        {frame_kind::text, ""},
        {frame_kind::text, std::string(70'000, 'b')}};
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1'000}, bytes.size()})
        EXPECT_EQ(read(bytes, size), expected) << size;
}

TEST(frame_reader, joins_fragments_with_a_ping_between) {
    const std::string bytes = server_frame(0x01, "one ") + server_frame(0x89, "") +
                              server_frame(0x00, "two ") + server_frame(0x80, "three");
    const auto got = read(bytes, 4);
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].first, frame_kind::ping);
    EXPECT_EQ(got[1].second, "one two three");
}

TEST(frame_reader, reads_the_code_of_a_close) {
    frame_reader reader;
    const std::string bytes = server_frame(0x88, std::string("\x11\x38too slow", 10));
    reader.feed(bytes);
    const auto got = reader.next();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->kind, frame_kind::close);
    EXPECT_EQ(got->close_code, 4408);
    const std::string without = server_frame(0x88, "");
    reader.feed(without);
    EXPECT_EQ(reader.next()->close_code, 1005);
}

TEST(frame_reader, refuses_what_a_server_may_not_send) {
    std::string masked = server_frame(0x81, "");
    masked[1] = static_cast<char>(0x80);
    EXPECT_EQ(read(masked, 10).front().first, frame_kind::broken);
    EXPECT_EQ(read(server_frame(0xC1, "x"), 10).front().first, frame_kind::broken);  // a reserved bit
    EXPECT_EQ(read(server_frame(0x80, "x"), 10).front().first, frame_kind::broken);  // continues nothing
    EXPECT_EQ(read(server_frame(0x82, "x"), 10).front().first, frame_kind::broken);  // binary
    const std::string huge("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10);
    EXPECT_EQ(read(huge, 10).front().first, frame_kind::broken);
}

TEST(client_frame, is_masked) {
    const std::string made = client_frame(10, "hello");
    ASSERT_EQ(made.size(), 2U + 4U + 5U);
    EXPECT_EQ(static_cast<unsigned char>(made[0]), 0x8AU);
    EXPECT_EQ(static_cast<unsigned char>(made[1]), 0x85U);
    std::string payload;
    for (std::size_t i = 0; i < 5; ++i) payload += static_cast<char>(made[6 + i] ^ made[2 + i % 4]);
    EXPECT_EQ(payload, "hello");
}

}  // namespace frames_test
}  // namespace qtable::loadtest
