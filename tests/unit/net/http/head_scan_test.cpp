// The framing table, row by row, on heads alone. tests/e2e/framing.py drives the same rows over sockets.
#include "net/http/head_scan.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/http/beast_check.hpp"

namespace qtable::net {
namespace head_scan_test {

// The status of the refusal; 0 when the head is accepted, -1 when it isn't complete. `out` holds views into
// `bytes`.
int status_of(const std::string& bytes, request_head* out = nullptr) {
    head_finder finder;
    switch (finder.find(bytes)) {
        case head_finder::outcome::incomplete:
            return -1;
        case head_finder::outcome::refused:
            return finder.why().status;
        case head_finder::outcome::complete:
            break;
    }
    request_head head;
    field_list fields;
    const auto bad = scan_head(std::string_view(bytes).substr(0, finder.head_bytes()), head, fields);
    if (out != nullptr) *out = head;
    return bad ? bad->status : 0;
}

std::string with(const std::string& lines, const std::string& request_line = "GET / HTTP/1.1") {
    return request_line + "\r\nHost: x\r\n" + lines + "\r\n";
}

int target_status(const std::string& target, const std::string& name = "GET") {
    return status_of(with("", name + " " + target + " HTTP/1.1"));
}

TEST(head_scan, takes_an_ordinary_request_apart) {
    const std::string bytes =
        "POST /a/b?c=d&e HTTP/1.1\r\nHost: example.org:8080\r\ncontent-LENGTH: 12\r\nX-Other:  two words "
        "\t\r\n\r\n";
    head_finder finder;
    ASSERT_EQ(finder.find(bytes + "rest"), head_finder::outcome::complete);
    EXPECT_EQ(finder.head_bytes(), bytes.size());
    request_head head;
    field_list fields;
    ASSERT_FALSE(scan_head(bytes, head, fields));
    EXPECT_EQ(head.method, method::post);
    EXPECT_EQ(head.raw_path, "/a/b");
    EXPECT_EQ(head.raw_query, "c=d&e");
    EXPECT_EQ(head.content_length, 12u);
    EXPECT_TRUE(head.is_keep_alive);
    EXPECT_EQ(fields[field::host], "example.org:8080");
    EXPECT_EQ(fields.find("x-other"), "two words");
    EXPECT_EQ(fields.size(), 3u);
    EXPECT_TRUE(beast_agrees(bytes, head));
}

TEST(head_scan, is_found_however_it_is_cut) {
    const std::string bytes = with("A: b\r\n");
    head_finder growing;
    for (std::size_t size = 0; size < bytes.size(); ++size)
        ASSERT_EQ(growing.find(std::string_view(bytes).substr(0, size)), head_finder::outcome::incomplete)
            << size;
    ASSERT_EQ(growing.find(bytes), head_finder::outcome::complete);
    EXPECT_EQ(growing.head_bytes(), bytes.size());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        head_finder finder;
        ASSERT_EQ(finder.find(std::string_view(bytes).substr(0, cut)), head_finder::outcome::incomplete);
        ASSERT_EQ(finder.find(bytes), head_finder::outcome::complete);
    }
}

TEST(head_scan, bounds_its_sizes) {
    EXPECT_EQ(target_status("/" + std::string(8100, 'a')), 0);
    EXPECT_EQ(target_status("/" + std::string(8 * 1024, 'a')), 414);
    EXPECT_EQ(status_of("GET /" + std::string(8 * 1024, 'a')), 414) << "before the line is complete";
    EXPECT_EQ(status_of(with("A: " + std::string(16'000, 'a') + "\r\n")), 0);
    EXPECT_EQ(status_of(with("A: " + std::string(16 * 1024, 'a') + "\r\n")), 431);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nA: " + std::string(16 * 1024, 'a')), 431)
        << "before it is complete";
    std::string fields;
    for (int i = 0; i < 99; ++i) fields += "a: b\r\n";
    EXPECT_EQ(status_of(with(fields)), 0);
    EXPECT_EQ(status_of(with(fields + "a: b\r\n")), 431);
}

TEST(head_scan, wants_exactly_one_host) {
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost:  \r\n\r\n"), 400);
    EXPECT_EQ(status_of(with("Host: y\r\n")), 400);
    EXPECT_EQ(status_of(with("host: x\r\n")), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: u@b\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"), 0);
    EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 0);
}

TEST(head_scan, refuses_lines_that_readers_disagree_on) {
    EXPECT_EQ(status_of(with("A: b\r\n c\r\n")), 400) << "obs-fold";
    EXPECT_EQ(status_of(with("A: b\r\n\tc\r\n")), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n Host: x\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\nHost: x\n\n"), 400) << "bare LF";
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: x\n"), 400);
    EXPECT_EQ(status_of("\n"), 400);
    EXPECT_EQ(status_of(with("A: b\rc\r\n")), 400) << "bare CR";
    EXPECT_EQ(status_of(with("A\r: b\r\n")), 400);
    EXPECT_EQ(status_of(with("A: b\r\r\n")), 400);
    EXPECT_EQ(status_of(with("A : b\r\n")), 400) << "space before the colon";
    EXPECT_EQ(status_of(with("A\t: b\r\n")), 400);
    EXPECT_EQ(status_of(with(": b\r\n")), 400);
    EXPECT_EQ(status_of(with("no colon\r\n")), 400);
    EXPECT_EQ(status_of(with("A(b): c\r\n")), 400);
}

TEST(head_scan, refuses_control_bytes_wherever_they_are) {
    for (int c = 0; c < 0x20; ++c) {
        if (c == '\t' || c == '\n') continue;
        const std::string byte(1, static_cast<char>(c));
        for (std::size_t before = 0; before < 20; ++before)
            EXPECT_EQ(status_of(with("A: " + std::string(before, 'v') + byte + "value\r\n")), 400)
                << c << " " << before;
        EXPECT_EQ(status_of(with("A" + byte + "b: value\r\n")), 400) << c;
        EXPECT_EQ(status_of(with("", "GET /" + byte + " HTTP/1.1")), 400) << c;
    }
    EXPECT_EQ(status_of(with("A: 12345678\x7f"
                             "12345678\r\n")),
              400);
    EXPECT_EQ(status_of(with("A: tab\tinside, and \xc3\xb8\xff\r\n")), 0);
}

TEST(head_scan, takes_one_plain_content_length) {
    request_head head;
    EXPECT_EQ(status_of(with("Content-Length: 999999999999999999\r\n"), &head), 0);
    EXPECT_EQ(head.content_length, 999'999'999'999'999'999u);
    EXPECT_EQ(status_of(with("Content-Length: 007\r\n"), &head), 0);
    EXPECT_EQ(head.content_length, 7u);
    for (const char* value :
         {"+3", "0x3", "3,3", "3, 3", "", " ", "-1", "3 3", "3a", "1234567890123456789", "\xd9\xa3"})
        EXPECT_EQ(status_of(with("Content-Length: " + std::string(value) + "\r\n")), 400) << value;
    EXPECT_EQ(status_of(with("Content-Length: 3\r\nContent-Length: 3\r\n")), 400);
    EXPECT_EQ(status_of(with("Content-Length: 3\r\nContent-Length: 4\r\n")), 400);
}

TEST(head_scan, takes_exactly_one_chunked) {
    request_head head;
    EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\n"), &head), 0);
    EXPECT_TRUE(head.is_chunked);
    EXPECT_EQ(status_of(with("Transfer-Encoding: Chunked\r\n")), 0);
    for (const char* value : {"chunked, chunked", "xchunked", "chunked;q=1", "gzip", "gzip, chunked",
                              "identity", "", "\"chunked\"", "chunked,"})
        EXPECT_EQ(status_of(with("Transfer-Encoding: " + std::string(value) + "\r\n")), 501) << value;
    EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 501);
    EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")), 400);
    EXPECT_EQ(status_of(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")), 400);
    EXPECT_EQ(status_of(with("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0")), 400);
    EXPECT_EQ(status_of(with("Transfer-Encoding : chunked\r\n")), 400);
}

TEST(head_scan, knows_its_methods) {
    for (const char* name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        EXPECT_EQ(target_status("/", name), 0) << name;
    EXPECT_EQ(target_status("/", "TRACE"), 405);
    EXPECT_EQ(target_status("example.org:443", "CONNECT"), 501);
    EXPECT_EQ(target_status("/", "BREW"), 501);
    EXPECT_EQ(target_status("/", "get"), 501);
    EXPECT_EQ(target_status("/", "G(T"), 400);
}

TEST(head_scan, takes_three_forms_of_target) {
    request_head head;
    const std::string full = with("", "GET http://example.org/a?b HTTP/1.1");
    EXPECT_EQ(status_of(full, &head), 0);
    EXPECT_EQ(head.raw_path, "/a");
    EXPECT_EQ(head.raw_query, "b");
    const std::string host_only = with("", "GET HTTPS://example.org HTTP/1.1");
    EXPECT_EQ(status_of(host_only, &head), 0);
    EXPECT_EQ(head.raw_path, "/");
    const std::string no_path = with("", "GET http://example.org?b HTTP/1.1");
    EXPECT_EQ(status_of(no_path, &head), 0);
    EXPECT_EQ(head.raw_path, "/");
    EXPECT_EQ(head.raw_query, "b");
    EXPECT_EQ(target_status("*", "OPTIONS"), 0);
    EXPECT_EQ(target_status("*"), 400);
    for (const char* target :
         {"a", "ftp://example.org/", "http:///a", "http://", "://x/", "/a#b", "/\xc3\xb8", "/a b"})
        EXPECT_EQ(target_status(target), 400) << target;
}

TEST(head_scan, wants_a_version_it_speaks) {
    for (const char* version : {"HTTP/2.0", "HTTP/9.9", "HTTP/1.2", "HTTP/0.9"})
        EXPECT_EQ(status_of(with("", std::string("GET / ") + version)), 505) << version;
    EXPECT_EQ(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
    for (const char* line :
         {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET / http/1.1",
          "GET / HTTP/1.10", "GET / HTTP/11", "GET /\tHTTP/1.1", "GET  HTTP/1.1", "GET"})
        EXPECT_EQ(status_of(with("", line)), 400) << line;
}

TEST(head_scan, decides_on_keep_alive_and_expectations) {
    request_head head;
    const auto keep_alive = [&](const std::string& line, const std::string& version) {
        EXPECT_EQ(status_of(with(line, "GET / HTTP/" + version), &head), 0);
        return head.is_keep_alive;
    };
    EXPECT_TRUE(keep_alive("", "1.1"));
    EXPECT_FALSE(keep_alive("Connection: foo, Close\r\n", "1.1"));
    EXPECT_FALSE(keep_alive("Connection: foo\r\nConnection: close\r\n", "1.1"));
    EXPECT_FALSE(keep_alive("", "1.0"));
    EXPECT_TRUE(keep_alive("Connection: keep-alive\r\n", "1.0"));
    EXPECT_FALSE(keep_alive("Connection: keep-alive, close\r\n", "1.0"));
    EXPECT_EQ(status_of(with("Expect: 100-Continue\r\n"), &head), 0);
    EXPECT_TRUE(head.expects_continue);
    EXPECT_EQ(status_of(with("Expect: 200-ok\r\n")), 417);
    EXPECT_EQ(status_of(with("Expect: 100-continue\r\n", "GET / HTTP/1.0"), &head), 0);
    EXPECT_FALSE(head.expects_continue);
}

TEST(fields, are_recognised_in_any_case) {
    EXPECT_EQ(parse_field("HOST"), field::host);
    EXPECT_EQ(parse_field("idempotency-KEY"), field::idempotency_key);
    EXPECT_EQ(parse_field("x-forwarded-proto"), field::x_forwarded_proto);
    EXPECT_EQ(parse_field("x-request-id"), field::x_request_id);
    EXPECT_EQ(parse_field("accept"), field::accept);
    EXPECT_EQ(parse_field("hostx"), field::other);
    EXPECT_EQ(parse_field(""), field::other);
}

TEST(fields, lists_are_joined_over_lines) {
    field_list fields;
    fields.add("Sec-WebSocket-Protocol", "a, b,");
    fields.add("Other", "z");
    fields.add("sec-websocket-protocol", " , c");
    std::string joined;
    fields.for_each_token(field::sec_websocket_protocol,
                          [&](std::string_view each) { joined.append(each).append("|"); });
    EXPECT_EQ(joined, "a|b|c|");
    EXPECT_EQ(fields.count(field::sec_websocket_protocol), 2);
    EXPECT_TRUE(fields.has_token(field::sec_websocket_protocol, "C"));
    EXPECT_FALSE(fields.has_token(field::sec_websocket_protocol, "d"));
}

}  // namespace head_scan_test
}  // namespace qtable::net
