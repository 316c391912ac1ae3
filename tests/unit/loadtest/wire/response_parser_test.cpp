#include "loadtest/wire/response_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace qtable::loadtest {
namespace response_parser_test {

using state = response_parser::state;

struct answer_read {
    state last = state::more;
    int status = 0;
    std::string body, rest;
    bool keeps_alive = false;
};

// In pieces of `size` bytes, each in a buffer of its own that is gone afterwards.
answer_read read(std::string_view bytes, std::size_t size, bool wants_body = true) {
    response_parser parser;
    parser.begin(wants_body);
    answer_read got;
    while (got.last == state::more && !bytes.empty()) {
        const std::string piece(bytes.substr(0, size));
        bytes.remove_prefix(piece.size());
        got.last = parser.feed(piece);
        got.body = parser.body();
        got.rest = parser.rest();
    }
    got.rest += bytes;
    got.status = parser.status();
    got.keeps_alive = parser.keeps_alive();
    return got;
}

TEST(response_parser, reads_a_body_by_length_however_it_is_cut) {
    const std::string_view bytes =
        "HTTP/1.1 201 Created\r\nX-Request-Id: 1\r\ncontent-length: 13\r\nConnection: "
        "keep-alive\r\n\r\n{\"id\":\"abc\"}!";
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
        const answer_read got = read(bytes, size);
        ASSERT_EQ(got.last, state::complete) << size;
        EXPECT_EQ(got.status, 201);
        EXPECT_EQ(got.body, "{\"id\":\"abc\"}!");
        EXPECT_TRUE(got.keeps_alive);
        EXPECT_EQ(got.rest, "");
    }
}

TEST(response_parser, reads_chunks_however_they_are_cut) {
    const std::string_view bytes =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n,\r\nA\r\n "
        "0123456\r\n\r\n0\r\nT: 1\r\n\r\n";
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
        const answer_read got = read(bytes, size);
        ASSERT_EQ(got.last, state::complete) << size;
        EXPECT_EQ(got.body, "hello, 0123456\r\n");
    }
}

TEST(response_parser, leaves_what_comes_after_an_answer) {
    const answer_read got = read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200", 1'000);
    EXPECT_EQ(got.last, state::complete);
    EXPECT_EQ(got.body, "ok");
    EXPECT_EQ(got.rest, "HTTP/1.1 200");
}

TEST(response_parser, skips_a_body_that_nobody_wants) {
    const answer_read got = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 7, false);
    EXPECT_EQ(got.last, state::complete);
    EXPECT_EQ(got.body, "");
}

TEST(response_parser, knows_answers_without_a_body) {
    for (const char* const head :
         {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
        EXPECT_EQ(read(head, 9).last, state::complete) << head;
    }
}

TEST(response_parser, passes_over_interim_answers) {
    const std::string_view bytes =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    for (const std::size_t size : {std::size_t{1}, std::size_t{30}, bytes.size()}) {
        const answer_read got = read(bytes, size);
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.body, "ok");
    }
}

TEST(response_parser, gives_frames_after_a_switch) {
    const answer_read got =
        read("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x02hi", 1'000);
    EXPECT_EQ(got.status, 101);
    EXPECT_EQ(got.rest, "\x81\x02hi");
}

TEST(response_parser, reads_until_the_end_without_a_length) {
    response_parser parser;
    parser.begin(true);
    EXPECT_EQ(parser.feed("HTTP/1.1 200 OK\r\n\r\nall of "), state::more);
    EXPECT_EQ(parser.feed("it"), state::more);
    EXPECT_EQ(parser.end(), state::complete);
    EXPECT_EQ(parser.body(), "all of it");
    EXPECT_FALSE(parser.keeps_alive());
}

TEST(response_parser, an_end_in_the_middle_is_none) {
    response_parser parser;
    parser.begin(true);
    EXPECT_EQ(parser.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), state::more);
    EXPECT_EQ(parser.end(), state::malformed);
    parser.begin(true);
    EXPECT_FALSE(parser.has_begun());
    EXPECT_EQ(parser.end(), state::malformed);
}

TEST(response_parser, knows_when_a_connection_is_of_no_more_use) {
    EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 99).keeps_alive);
    EXPECT_FALSE(read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 99).keeps_alive);
    EXPECT_TRUE(
        read("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", 99).keeps_alive);
}

TEST(response_parser, reads_when_to_come_again) {
    response_parser parser;
    parser.begin(false);
    EXPECT_EQ(parser.feed("HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n"),
              state::complete);
    EXPECT_EQ(parser.retry_after_s(), 2);
}

TEST(response_parser, refuses_what_is_no_http) {
    for (const std::string& bytes : std::vector<std::string>{
             "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 9x9 OK\r\n\r\n",
             "HTTP/1.1 999 No\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n",
             std::string(70'000, 'x')}) {
        EXPECT_EQ(read(bytes, 50'000).last, state::malformed) << bytes.substr(0, 60);
    }
}

}  // namespace response_parser_test
}  // namespace qtable::loadtest
