#include "net/http/chunked_decoder.hpp"

#include <gtest/gtest.h>

#include <string>

namespace qtable::net {
namespace chunked_decoder_test {

using outcome = chunked_decoder::outcome;

struct decoded {
    outcome what = outcome::need_more;
    std::string body;
    std::size_t consumed = 0;
    int status = 0;
};

// Feeds the text in two pieces, each in place.
decoded decode(const std::string& text, std::size_t cut, std::size_t limit = 1000) {
    chunked_decoder decoder(limit);
    decoded all;
    for (std::string piece : {text.substr(0, cut), text.substr(cut)}) {
        const auto got = decoder.feed(piece.data(), piece.size(), piece.data());
        all.body += piece.substr(0, got.produced);
        all.consumed += got.consumed;
        all.what = got.what;
        if (got.what == outcome::refused) all.status = decoder.why().status;
        if (got.what != outcome::need_more) break;
    }
    return all;
}

void expect_body(const std::string& text, const std::string& body) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const decoded all = decode(text + "GET", cut);
        ASSERT_EQ(all.what, outcome::done) << text << " cut at " << cut;
        ASSERT_EQ(all.body, body);
        ASSERT_EQ(all.consumed, text.size()) << "what follows is the next request's";
    }
}

void expect_refused(const std::string& text, int status, std::size_t limit = 1000) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const decoded all = decode(text, cut, limit);
        ASSERT_EQ(all.what, outcome::refused) << text.substr(0, 80) << " cut at " << cut;
        ASSERT_EQ(all.status, status) << text.substr(0, 80);
    }
}

TEST(chunked_decoder, decodes_however_it_is_cut) {
    expect_body("0\r\n\r\n", "");
    expect_body("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world");
    expect_body("00A\r\n0123456789\r\n000\r\n\r\n", "0123456789");
    expect_body("b\r\n\r\n0\r\n\r\nabcd\r\n0\r\n\r\n", "\r\n0\r\n\r\nabcd");
}

TEST(chunked_decoder, drops_extensions_and_trailers) {
    expect_body("5;name=value;\"q\"\r\nhello\r\n0;last\r\nTrailer: one\r\nOther: two\r\n\r\n", "hello");
    expect_body("1;" + std::string(256, 'x') + "\r\na\r\n0\r\n\r\n", "a");
}

// Another reader could take the line end, and what follows, into the string.
TEST(chunked_decoder, refuses_an_extension_that_ends_within_a_quoted_string) {
    expect_body("5;a=\"b;c\\\"d\\\\\"\r\nhello\r\n0;a=\"\"\r\n\r\n", "hello");
    for (const char* extension : {"a=\"b", "\"", "a=\"b\\\"", "a=\"b\";c=\"", "a=\"\\"}) {
        expect_refused("5;" + std::string(extension) + "\r\nhello\r\n0\r\n\r\n", 400);
        expect_refused("0;" + std::string(extension) + "\r\n\r\n", 400);
    }
}

TEST(chunked_decoder, refuses_sizes_that_are_no_plain_hexadecimal) {
    for (const char* size :
         {"+5", "-5", "0x5", "5_0", " 5", "5 ", "", "g", "\t5", "5\t;a", "10000000000000000"})
        expect_refused(std::string(size) + "\r\nhello\r\n0\r\n\r\n", 400);
    expect_refused(std::string(17, '0') + "\r\n\r\n", 400);
}

TEST(chunked_decoder, refuses_line_ends_that_are_not_crlf) {
    for (const char* text :
         {"5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello\r0\r\n\r\n", "5\r\nhelloo\r\n",
          "5;a\nb\r\nhello\r\n", "0\r\nA: b\n\r\n", "0\r\n\n", "0\r\n\rX", "5\rX", "0\r\nA: b\rX"})
        expect_refused(text, 400);
    expect_refused(std::string("5;\0\r\n", 5), 400);
    expect_refused("0\r\nA: \x01\r\n\r\n", 400);
}

TEST(chunked_decoder, bounds_everything) {
    expect_refused("5;" + std::string(257, 'x') + "\r\nhello\r\n", 400);
    expect_refused("0\r\nA: " + std::string(1024, 'x') + "\r\n\r\n", 431);
    std::string trailers = "0\r\n";
    for (int i = 0; i < 300; ++i) trailers += "a:b\r\n";
    expect_refused(trailers, 431);
    expect_refused("b\r\nhello world\r\n", 413, 10);
    expect_refused("6\r\nhello \r\n5\r\nworld\r\n", 413, 10);
    expect_refused("ffffffffffffffff\r\n", 413);
    EXPECT_EQ(decode("a\r\n0123456789\r\n0\r\n\r\n", 0, 10).what, outcome::done);
}

}  // namespace chunked_decoder_test
}  // namespace qtable::net
