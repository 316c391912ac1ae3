#include "net/http/answer_head.hpp"

#include <gtest/gtest.h>

#include "net/http/http_scratch.hpp"

namespace qtable::net {
namespace answer_head_test {

TEST(answer_head, renders_the_date_of_the_standard) {
    EXPECT_EQ(render_date_line({784'111'777'000}), "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    EXPECT_EQ(render_date_line({1'772'323'199'999}), "Date: Sat, 28 Feb 2026 23:59:59 GMT\r\n");
}

TEST(answer_head, renders_status_lines) {
    std::string out;
    append_status_line(out, 200);
    append_status_line(out, 431);
    append_status_line(out, 299);
    EXPECT_EQ(out,
              "HTTP/1.1 200 OK\r\nHTTP/1.1 431 Request Header Fields Too Large\r\nHTTP/1.1 299 Status\r\n");
}

TEST(request_id, is_the_clients_if_it_is_sane) {
    http_scratch scratch(0xdeadbeef12345678);
    EXPECT_EQ(scratch.choose_request_id("abc-DEF_1.2"), "abc-DEF_1.2");
    EXPECT_EQ(scratch.choose_request_id(std::string(64, 'x')), std::string(64, 'x'));
    EXPECT_EQ(scratch.choose_request_id(""), "12345678-1");
    EXPECT_EQ(scratch.choose_request_id(std::string(65, 'x')), "12345678-2");
    EXPECT_EQ(scratch.choose_request_id("a b"), "12345678-3");
    EXPECT_EQ(scratch.choose_request_id("<script>"), "12345678-4");
}

TEST(http_scratch, renders_the_date_once_a_second) {
    http_scratch scratch(1);
    const std::string first(scratch.date({784'111'777'000}));
    EXPECT_EQ(scratch.date({784'111'777'999}), first);
    EXPECT_NE(scratch.date({784'111'778'000}), first);
}

}  // namespace answer_head_test
}  // namespace qtable::net
