#include "loadtest/wire/target.hpp"

#include <gtest/gtest.h>

#include "loadtest/failure.hpp"
#include "loadtest/wire/request_text.hpp"

namespace qtable::loadtest {
namespace target_test {

TEST(parse_target, takes_host_and_port) {
    EXPECT_EQ(parse_target("http://127.0.0.1:8080").host, "127.0.0.1");
    EXPECT_EQ(parse_target("http://127.0.0.1:8080").port, "8080");
    EXPECT_EQ(parse_target("http://localhost/").port, "80");
    EXPECT_EQ(parse_target("http://[::1]:9000").host, "::1");
    EXPECT_EQ(parse_target("http://[::1]:9000").port, "9000");
}

TEST(parse_target, refuses_everything_else) {
    for (const char* const url :
         {"", "127.0.0.1:80", "https://127.0.0.1", "ftp://x", "http://", "http://:80", "http://x:0",
          "http://x:65536", "http://x:8x", "http://x/path", "http://u@x", "http://x?y"}) {
        EXPECT_THROW(parse_target(url), usage_error) << url;
    }
}

TEST(resolve_target, refuses_other_machines) {
    // An address of the documentation's range: nobody is asked.
    EXPECT_THROW(resolve_target("http://192.0.2.1:80", false), usage_error);
    EXPECT_THROW(resolve_target("http://10.0.0.1:80", false), usage_error);
    EXPECT_THROW(resolve_target("http://[2001:db8::1]:80", false), usage_error);
}

TEST(request_text, writes_whole_requests) {
    EXPECT_EQ(make_request("h:1", {.path = "/a?b=c"}), "GET /a?b=c HTTP/1.1\r\nHost: h:1\r\n\r\n");
    EXPECT_EQ(make_request(
                  "h", {.method = "POST", .path = "/p", .token = "t", .idempotency_key = "k", .body = "{}"}),
              "POST /p HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\nIdempotency-Key: k\r\n"
              "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_EQ(percent_encoded("a b/+%~"), "a%20b%2F%2B%25~");
}

}  // namespace target_test
}  // namespace qtable::loadtest
