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
}

TEST(ProbeUrl, Refusals) {
    for (const char* url :
         {"https://127.0.0.1", "127.0.0.1:8080", "http://", "http://:80", "http://a:/x", "http://a/b c"}) {
        EXPECT_THROW(parse_probe_url(url), command_error) << url;
    }
}

}  // namespace health_probe_test
}  // namespace qtable::tools
