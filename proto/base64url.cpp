#include "proto/base64url.hpp"

namespace qtable::proto {

namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int value_of(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '-') return 62;
    if (c == '_') return 63;
    return -1;
}

}  // namespace

void append_base64url(std::string& out, std::span<const std::uint8_t> bytes) {
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const std::uint8_t byte : bytes) {
        held = held << 8U | byte;
        for (bits += 8; bits >= 6;) {
            bits -= 6;
            out += alphabet[held >> bits & 63U];
        }
    }
    if (bits > 0) out += alphabet[held << (6 - bits) & 63U];
}

std::optional<std::size_t> decode_base64url(std::string_view text, std::span<std::uint8_t> out) noexcept {
    const std::size_t size = text.size() * 6 / 8;
    if (text.size() % 4 == 1 || size > out.size()) return std::nullopt;
    std::uint32_t held = 0;
    unsigned bits = 0;
    std::size_t at = 0;
    for (const char c : text) {
        const int value = value_of(c);
        if (value < 0) return std::nullopt;
        held = held << 6U | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out[at++] = static_cast<std::uint8_t>(held >> bits);
    }
    // What is left over must be zero: else another text would mean the same bytes.
    if ((held & ((1U << bits) - 1U)) != 0) return std::nullopt;
    return at;
}

}  // namespace qtable::proto
