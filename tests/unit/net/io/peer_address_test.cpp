#include "net/io/peer_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "net/io/listener.hpp"

namespace qtable::net {
namespace peer_address_test {

TEST(peer_address, keeps_both_families_in_one_form) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(8080);
    ::inet_pton(AF_INET, "203.0.113.7", &v4.sin_addr);
    void* raw = &v4;
    const peer_address from_v4 = peer_address::from(*static_cast<sockaddr*>(raw));
    EXPECT_TRUE(from_v4.is_v4());
    EXPECT_EQ(from_v4.text(), "203.0.113.7");
    EXPECT_EQ(from_v4.port, 8080);

    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    ::inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
    raw = &v6;
    const peer_address from_v6 = peer_address::from(*static_cast<sockaddr*>(raw));
    EXPECT_FALSE(from_v6.is_v4());
    EXPECT_EQ(from_v6.text(), "2001:db8::1");
}

TEST(listening_sockets, every_core_gets_the_same_free_port) {
    auto sockets = listening_sockets::open("127.0.0.1", 0, 3);
    ASSERT_TRUE(sockets);
    EXPECT_NE(sockets->port(), 0);
    EXPECT_FALSE(listening_sockets::open("not an address", 0, 1));
}

}  // namespace peer_address_test
}  // namespace qtable::net
