#include "tools/qtable/cli/health_probe.hpp"

#include <gtest/gtest.h>

#include "tools/qtable/cli/failure.hpp"

namespace qtable::tools {
namespace health_probe_test {

void expect_target(std::string_view url, const std::string& host, const std::string& port,
                   const std::string& path) {
    const probe_target target = parse_probe_url(url);
    EXPECT_EQ(target.host, host) << url;
    EXPECT_EQ(target.port, port) << url;
    EXPECT_EQ(target.path, path) << url;
}

TEST(ProbeUrl, PartsAndDefaults) {
    expect_target("http://127.0.0.1:8080", "127.0.0.1", "8080", "/healthz");
    expect_target("http://server/readyz?x=1", "server", "80", "/readyz?x=1");
    expect_target("http://[::1]:9000/", "::1", "9000", "/");
    expect_target("http://[::1]", "::1", "80", "/healthz");
    expect_target("https://server", "server", "443", "/healthz");
    EXPECT_TRUE(parse_probe_url("https://server").is_tls);
    EXPECT_FALSE(parse_probe_url("http://server").is_tls);
}

// Whose certificate is taken as it is.
TEST(ProbeUrl, ThisMachine) {
    for (const char* url :
         {"https://127.0.0.1", "https://127.1.2.3:9", "https://[::1]:9", "https://localhost"})
        EXPECT_TRUE(is_this_machine(parse_probe_url(url))) << url;
    for (const char* url :
         {"https://10.0.0.1", "https://127.0.0.1.example", "https://127.example", "https://a.localhost"})
        EXPECT_FALSE(is_this_machine(parse_probe_url(url))) << url;
}

TEST(ProbeUrl, Refusals) {
    for (const char* url : {"ftp://127.0.0.1", "127.0.0.1:8080", "https://", "http://", "http://:80",
                            "http://a:/x", "http://a/b c"}) {
        EXPECT_THROW(parse_probe_url(url), command_error) << url;
    }
}

}  // namespace health_probe_test
}  // namespace qtable::tools
