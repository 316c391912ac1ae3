#include "net/http/request_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace qtable::net {
namespace request_reader_test {

constexpr std::size_t limit = 100;

struct driver {
    request_reader reader;
    request_head head;
    field_list fields;
    std::vector<std::string> requests;  // "METHOD path body"
    int refused = 0;

    void feed(std::string bytes) {
        reader.begin(bytes.data(), bytes.size());
        while (refused == 0) {
            const auto what = reader.next(head, fields);
            if (what == request_reader::outcome::need_more) break;
            if (what == request_reader::outcome::refused) refused = reader.why().status;
            if (what == request_reader::outcome::head && !reader.begin_body(head, limit))
                refused = reader.why().status;
            if (what == request_reader::outcome::request) {
                requests.push_back(std::string(head.method_name) + " " + std::string(head.raw_path) + " " +
                                   std::string(reader.body()));
                reader.consume();
            }
        }
        reader.end();
        // What the reader keeps has to be its own: the bytes of the read are gone.
        std::fill(bytes.begin(), bytes.end(), '#');
    }
};

const std::string stream =
    "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
    "\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    "PUT /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nfoo\r\n3;x=y\r\nbar\r\n0\r\nT: "
    "t\r\n\r\n"
    "GET /4 HTTP/1.1\r\nHost: x\r\n\r\n";
const std::vector<std::string> expected{"GET /1 ", "POST /2 hello", "PUT /3 foobar", "GET /4 "};

TEST(request_reader, reads_a_pipeline_in_one_go) {
    driver one;
    one.feed(stream);
    EXPECT_EQ(one.requests, expected);
    EXPECT_TRUE(one.reader.kept().empty());
}

TEST(request_reader, reads_it_however_it_is_cut_in_two) {
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        driver two;
        two.feed(stream.substr(0, cut));
        two.feed(stream.substr(cut));
        ASSERT_EQ(two.requests, expected) << cut;
        ASSERT_TRUE(two.reader.kept().empty());
    }
}

TEST(request_reader, reads_it_however_it_is_cut_in_three) {
    for (std::size_t first = 0; first <= stream.size(); first += 3) {
        for (std::size_t second = first; second <= stream.size(); second += 5) {
            driver three;
            three.feed(stream.substr(0, first));
            three.feed(stream.substr(first, second - first));
            three.feed(stream.substr(second));
            ASSERT_EQ(three.requests, expected) << first << " " << second;
        }
    }
}

TEST(request_reader, reads_it_byte_by_byte) {
    driver many;
    for (const char c : stream) many.feed(std::string(1, c));
    EXPECT_EQ(many.requests, expected);
}

TEST(request_reader, refuses_a_body_over_the_limit_before_reading_it) {
    driver announced;
    announced.feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n");
    EXPECT_EQ(announced.refused, 413);
    driver chunked;
    chunked.feed("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n60\r\n" +
                 std::string(96, 'x') + "\r\n");
    EXPECT_EQ(chunked.refused, 0);
    chunked.feed("5\r\n");
    EXPECT_EQ(chunked.refused, 413);
}

TEST(request_reader, keeps_no_chunk_extensions) {
    driver one;
    one.feed("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 90; ++i) one.feed("1;" + std::string(250, 'e') + "\r\na\r\n");
    EXPECT_EQ(one.refused, 0);
    EXPECT_LT(one.reader.kept().size(), 200u);
    one.feed("0\r\n\r\n");
    EXPECT_EQ(one.requests, std::vector<std::string>{"POST / " + std::string(90, 'a')});
}

}  // namespace request_reader_test
}  // namespace qtable::net
