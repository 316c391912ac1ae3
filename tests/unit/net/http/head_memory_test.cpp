// Lines that are known give what reading them would have given.
#include "net/http/head_memory.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "net/http/beast_check.hpp"
#include "net/http/request_reader.hpp"

namespace qtable::net {
namespace head_memory_test {

// What a connection does with the bytes of a read.
struct connection {
    explicit connection(head_memory* memory) : memory_(memory) {}

    std::string feed(std::string bytes) {
        std::string seen;
        reader_.begin(bytes.data(), bytes.size());
        for (bool more = true; more;) {
            switch (reader_.next(head_, fields_, memory_)) {
                case request_reader::outcome::need_more:
                    seen += "more";
                    more = false;
                    break;
                case request_reader::outcome::refused:
                    seen += std::to_string(reader_.why().status) + std::string(reader_.why().detail);
                    more = false;
                    break;
                case request_reader::outcome::head:
                    known += head_.is_known ? 1 : 0;
                    if (!head_.is_known && !beast_agrees(reader_.head_text(), head_))
                        return seen + "doubtful";
                    if (!head_.is_known && memory_ != nullptr)
                        reader_.remember_head(head_, fields_, *memory_);
                    if (!reader_.begin_body(head_, 100)) return seen + "too large";
                    break;
                case request_reader::outcome::request:
                    seen += std::string(head_.method_name) + ' ' + std::string(head_.target) + ' ' +
                            std::to_string(head_.minor_version) + (head_.is_keep_alive ? "keep" : "close") +
                            (head_.expects_continue ? "expect" : "") + std::string(reader_.body());
                    for (const field_list::line& line : fields_)
                        seen += '|' + std::string(line.name) + ':' + std::string(line.value);
                    seen +=
                        fields_.has(field::host) ? " at " + std::string(fields_[field::host]) : " nowhere";
                    seen += '\n';
                    reader_.consume();
            }
        }
        reader_.end();
        return seen;
    }
    int known = 0;

  private:
    head_memory* memory_;
    request_reader reader_;
    request_head head_;
    field_list fields_;
};

const std::string browser =
    "Host: example.test\r\nUser-Agent: a browser\r\nAccept: */*\r\nAuthorization: Bearer abc\r\n\r\n";

std::string get(const std::string& path, const std::string& lines = browser) {
    return "GET " + path + " HTTP/1.1\r\n" + lines;
}

TEST(head_memory, the_second_request_with_the_same_lines_is_known) {
    head_memory memory;
    connection one(&memory), plain(nullptr);
    EXPECT_EQ(one.feed(get("/1")), plain.feed(get("/1")));
    EXPECT_EQ(one.known, 0);
    EXPECT_EQ(one.feed(get("/2?a=b")), plain.feed(get("/2?a=b")));
    EXPECT_EQ(one.known, 1);
    connection other(&memory);
    EXPECT_EQ(other.feed(get("/3") + get("/4")), plain.feed(get("/3") + get("/4")));
    EXPECT_EQ(other.known, 2) << "another connection knows it by the lines' hash, then by its hint";
}

TEST(head_memory, whatever_follows_known_lines_is_read_as_ever) {
    const std::string tails[] = {
        get("/next"),
        get("/next", "Host: x\r\nConnection: close\r\n\r\n"),
        get("/next",
            "Host: example.test\r\nUser-Agent: a browser\r\nAccept: */*\r\nAuthorization: Bearer "
            "abd\r\n\r\n"),
        get("/next", browser.substr(0, browser.size() - 2) + "X: y\r\n\r\n"),
        "GET /old HTTP/1.0\r\n" + browser,
        "GET /no-host HTTP/1.1\r\nAccept: */*\r\n\r\n",
        "GET /two HTTP/1.1\r\nHost: a\r\n" + browser,
        "GET /folded HTTP/1.1\r\n " + browser,
        "GET  /spaces HTTP/1.1\r\n" + browser,
        "GET /version HTTP/1.2\r\n" + browser,
        "BREW /pot HTTP/1.1\r\n" + browser,
        "GET /bare HTTP/1.1\n" + browser,
        "\r\n" + get("/after-an-empty-line"),
        "POST /body HTTP/1.1\r\nContent-Length: 5\r\n" + browser + "hello" + get("/after"),
        "POST /chunks HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + browser + "3\r\nfoo\r\n0\r\n\r\n" +
            get("/after"),
        "POST /both HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n" + browser,
        "POST /expect HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" + browser + "ok",
        "GET /zero HTTP/1.1\r\nContent-Length: 0\r\n" + browser,
        "GET /" + std::string(9000, 'x') + " HTTP/1.1\r\n" + browser,
        "GET /tab\there HTTP/1.1\r\n" + browser,
    };
    head_memory memory;
    for (int round = 0; round < 3; ++round) {
        for (const std::string& tail : tails) {
            const std::string stream = get("/first") + tail + get("/last");
            connection with(&memory), without(nullptr);
            ASSERT_EQ(with.feed(stream), without.feed(stream)) << round << tail;
            // The same, cut in two anywhere.
            for (std::size_t cut = 1; cut < std::min<std::size_t>(stream.size(), 700); cut += 7) {
                connection cut_with(&memory), cut_without(nullptr);
                ASSERT_EQ(cut_with.feed(stream.substr(0, cut)), cut_without.feed(stream.substr(0, cut)))
                    << cut;
                ASSERT_EQ(cut_with.feed(stream.substr(cut)), cut_without.feed(stream.substr(cut)))
                    << cut << tail;
            }
        }
    }
}

TEST(head_memory, equal_lines_have_equal_bodies) {
    head_memory memory;
    connection one(&memory), plain(nullptr);
    const std::string sized = "POST /x HTTP/1.1\r\nContent-Length: 5\r\n" + browser;
    const std::string chunked = "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + browser;
    for (const std::string& stream :
         {sized + "hello" + sized + "again" + get("/"),
          chunked + "1\r\na\r\n0\r\n\r\n" + chunked + "0\r\n\r\n" + sized + "third"}) {
        EXPECT_EQ(one.feed(stream), plain.feed(stream));
        for (std::size_t cut = 1; cut < stream.size(); ++cut) {
            connection cut_with(&memory), cut_without(nullptr);
            ASSERT_EQ(cut_with.feed(stream.substr(0, cut)), cut_without.feed(stream.substr(0, cut))) << cut;
            ASSERT_EQ(cut_with.feed(stream.substr(cut)), cut_without.feed(stream.substr(cut))) << cut;
        }
    }
    EXPECT_GE(one.known, 3);
    connection large(&memory);
    const std::string too_large = "POST /x HTTP/1.1\r\nContent-Length: 101\r\n" + browser;
    EXPECT_EQ(large.feed(too_large), "too large");
    connection again(&memory);
    EXPECT_EQ(again.feed(too_large), "too large");
}

TEST(head_memory, keeps_no_lines_that_change_each_time) {
    for (const char* line : {"X-Request-Id: 1", "traceparent: 00-1-1-00", "Idempotency-Key: k",
                             "Expect: 100-continue", "Upgrade: websocket"}) {
        head_memory memory;
        connection one(&memory);
        const std::string lines = std::string(line) + "\r\n" + browser;
        one.feed(get("/1", lines));
        one.feed(get("/2", lines));
        EXPECT_EQ(one.known, 0) << line;
    }
    head_memory memory;
    connection one(&memory);
    const std::string long_lines =
        "Host: x\r\nX: " + std::string(limits::remembered_head_bytes, 'y') + "\r\n\r\n";
    one.feed(get("/1", long_lines) + get("/2", long_lines));
    EXPECT_EQ(one.known, 0);
}

TEST(head_memory, many_clients_share_the_places) {
    head_memory memory;
    std::deque<connection> all;
    for (int i = 0; i < 500; ++i) all.emplace_back(&memory);
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 500; ++i) {
            const std::string request =
                get("/x", "Host: h\r\nAuthorization: Bearer " + std::to_string(1000 + i) + "\r\n\r\n");
            connection plain(nullptr);
            ASSERT_EQ(all[static_cast<std::size_t>(i)].feed(request), plain.feed(request));
        }
    }
}

}  // namespace head_memory_test
}  // namespace qtable::net
