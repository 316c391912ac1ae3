#include "net/http/websocket_handshake.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <cstring>

namespace qtable::net {
namespace {

// 16 bytes in base64: 22 digits and two paddings. The last digit carries 4 bits that must be zero.
bool is_handshake_key(std::string_view key) noexcept {
    if (key.size() != 24 || !key.ends_with("==")) return false;
    for (const char c : key.substr(0, 22)) {
        const bool is_digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                              c == '+' || c == '/';
        if (!is_digit) return false;
    }
    return true;
}

refusal bad(std::string_view detail) noexcept {
    return {400, errc::malformed_request, detail};
}

}  // namespace

std::optional<refusal> check_websocket_handshake(const request& request) noexcept {
    const field_list& fields = *request.fields;
    if (!fields.has_token(field::connection, "upgrade") || !fields.has_token(field::upgrade, "websocket"))
        return refusal{426, errc::upgrade_required, "this is a WebSocket endpoint"};
    if (request.method != method::get) return bad("a WebSocket begins with GET");
    if (fields.count(field::sec_websocket_version) > 1)
        return bad("there is more than one Sec-WebSocket-Version");
    if (request[field::sec_websocket_version] != "13")
        return refusal{426, errc::upgrade_required, "only WebSocket version 13 is spoken here"};
    if (fields.count(field::sec_websocket_key) != 1 || !is_handshake_key(request[field::sec_websocket_key]))
        return bad("Sec-WebSocket-Key is not 16 bytes in base64");
    if (!request.body.empty()) return bad("a WebSocket's handshake has no body");
    return {};
}

std::array<char, 28> websocket_accept_key(std::string_view key) noexcept {
    constexpr std::string_view suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, 24 + suffix.size()> joined{};
    std::memcpy(joined.data(), key.data(), 24);
    std::memcpy(joined.data() + 24, suffix.data(), suffix.size());
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    ::SHA1(joined.data(), joined.size(), digest.data());
    std::array<unsigned char, 29> encoded;  // the encoder ends with a NUL
    ::EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
    std::array<char, 28> accept;
    std::memcpy(accept.data(), encoded.data(), accept.size());
    return accept;
}

}  // namespace qtable::net
