#include "loadtest/wire/request_text.hpp"

namespace qtable::loadtest {

void append_request(std::string& out, std::string_view host, const request_parts& parts) {
    out.append(parts.method).append(" ").append(parts.path).append(" HTTP/1.1\r\nHost: ").append(host);
    if (!parts.token.empty()) out.append("\r\nAuthorization: Bearer ").append(parts.token);
    if (!parts.idempotency_key.empty()) out.append("\r\nIdempotency-Key: ").append(parts.idempotency_key);
    if (!parts.body.empty()) {
        out.append("\r\nContent-Type: application/json\r\nContent-Length: ");
        out.append(std::to_string(parts.body.size()));
    }
    out.append("\r\n\r\n").append(parts.body);
}

std::string make_request(std::string_view host, const request_parts& parts) {
    std::string out;
    append_request(out, host, parts);
    return out;
}

std::string make_upgrade(std::string_view host, std::string_view path, std::string_view token) {
    std::string out;
    out.append("GET ").append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    out.append("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    out.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    if (!token.empty()) out.append("\r\nAuthorization: Bearer ").append(token);
    out.append("\r\n\r\n");
    return out;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_plain =
            is_letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (is_plain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 0xF];
    }
    return out;
}

}  // namespace qtable::loadtest
