#include "net/io/address_range.hpp"

#include <gtest/gtest.h>

namespace qtable::net {
namespace address_range_test {

bool contains(std::string_view range, std::string_view address) {
    const auto parsed = address_range::parse(range);
    const auto which = peer_address::parse(address);
    EXPECT_TRUE(parsed && which) << range << ' ' << address;
    return parsed && which && parsed->contains(*which);
}

TEST(address_range, holds_what_has_its_prefix) {
    EXPECT_TRUE(contains("10.0.0.0/8", "10.255.1.2"));
    EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
    EXPECT_TRUE(contains("192.168.4.0/22", "192.168.7.255"));
    EXPECT_FALSE(contains("192.168.4.0/22", "192.168.8.0"));
    EXPECT_TRUE(contains("127.0.0.1", "127.0.0.1"));
    EXPECT_FALSE(contains("127.0.0.1", "127.0.0.2"));
    EXPECT_TRUE(contains("0.0.0.0/0", "203.0.113.7"));
    EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1")) << "only what came as version 4";
    EXPECT_TRUE(contains("2001:db8::/32", "2001:db8:ffff::1"));
    EXPECT_FALSE(contains("2001:db8::/32", "2001:db9::1"));
    EXPECT_TRUE(contains("::1", "::1"));
}

TEST(address_range, refuses_what_is_none) {
    for (const char* bad : {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8",
                            "::/129", "10.1.0.0/8", "localhost", "10.0.0.0/8/8", "0x7f.0.0.1"}) {
        EXPECT_FALSE(address_range::parse(bad)) << bad;
    }
}

TEST(peer_address, reads_what_proxies_write) {
    const auto text = [](std::string_view from) {
        const auto parsed = peer_address::parse(from);
        return parsed ? parsed->text() : std::string("none");
    };
    EXPECT_EQ(text("203.0.113.7"), "203.0.113.7");
    EXPECT_EQ(text("203.0.113.7:1234"), "203.0.113.7");
    EXPECT_EQ(text("[2001:db8::1]:1234"), "2001:db8::1");
    EXPECT_EQ(text("[2001:db8::1]"), "2001:db8::1");
    EXPECT_EQ(text("2001:db8::1"), "2001:db8::1");
    for (const char* bad :
         {"", "unknown", "_hidden", "[2001:db8::1", "1.2.3", "1.2.3.4.5", "2001:db8::1%eth0"})
        EXPECT_EQ(text(bad), "none") << bad;
    EXPECT_TRUE(peer_address::parse("127.8.9.1")->is_loopback());
    EXPECT_TRUE(peer_address::parse("::1")->is_loopback());
    EXPECT_FALSE(peer_address::parse("128.0.0.1")->is_loopback());
    EXPECT_FALSE(peer_address::parse("::2")->is_loopback());
}

}  // namespace address_range_test
}  // namespace qtable::net
