#include "net/http/websocket_handshake.hpp"

#include <gtest/gtest.h>

namespace qtable::net {
namespace websocket_handshake_test {

struct handshake {
    field_list fields;
    request of;
    std::string connection = "keep-alive, Upgrade", upgrade = "WebSocket", version = "13",
                key = "dGhlIHNhbXBsZSBub25jZQ==";

    int status() {
        fields.clear();
        fields.add("Connection", connection);
        fields.add("Upgrade", upgrade);
        fields.add("Sec-WebSocket-Version", version);
        fields.add("Sec-WebSocket-Key", key);
        of.fields = &fields;
        const auto bad = check_websocket_handshake(of);
        return bad ? bad->status : 0;
    }
    handshake() { of.method = method::get; }
};

TEST(websocket_handshake, answers_the_key_of_the_standard) {
    const auto accept = websocket_accept_key("dGhlIHNhbXBsZSBub25jZQ==");
    EXPECT_EQ(std::string_view(accept.data(), accept.size()), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(websocket_handshake, is_checked_in_every_part) {
    EXPECT_EQ(handshake().status(), 0);
    handshake no_upgrade, no_connection, old, many, key, body, post;
    no_upgrade.upgrade = "h2c";
    EXPECT_EQ(no_upgrade.status(), 426);
    no_connection.connection = "keep-alive";
    EXPECT_EQ(no_connection.status(), 426);
    old.version = "8";
    EXPECT_EQ(old.status(), 426);
    many.version = "";
    EXPECT_EQ(many.status(), 426);
    for (const char* bad : {"", "short==", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQA=",
                            "dGhlIHNhbXBsZSBub2 jZQ==", "dGhlIHNhbXBsZSBub25jZQ==="}) {
        key.key = bad;
        EXPECT_EQ(key.status(), 400) << bad;
    }
    body.of.body = "x";
    EXPECT_EQ(body.status(), 400);
    post.of.method = method::post;
    EXPECT_EQ(post.status(), 400);
}

}  // namespace websocket_handshake_test
}  // namespace qtable::net
