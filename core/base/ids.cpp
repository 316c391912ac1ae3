#include "core/base/ids.hpp"

namespace qtable {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

constexpr bool dash_before(std::size_t byte) noexcept {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

std::optional<uuid> parse_uuid(std::string_view text) noexcept {
    if (text.size() != 36) return std::nullopt;
    uuid value;
    std::size_t at = 0;
    for (std::size_t byte = 0; byte < 16; ++byte) {
        if (dash_before(byte) && text[at++] != '-') return std::nullopt;
        const int high = hex_value(text[at++]);
        const int low = hex_value(text[at++]);
        if (high < 0 || low < 0) return std::nullopt;
        value.bytes[byte] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return value;
}

char* format_uuid(const uuid& value, char* out) noexcept {
    for (std::size_t byte = 0; byte < 16; ++byte) {
        if (dash_before(byte)) *out++ = '-';
        *out++ = hex_digits[value.bytes[byte] >> 4];
        *out++ = hex_digits[value.bytes[byte] & 15];
    }
    return out;
}

std::string to_string(const uuid& value) {
    std::string text(36, '\0');
    format_uuid(value, text.data());
    return text;
}

uuid make_uuid_v7(std::int64_t unix_ms, const std::array<std::uint8_t, 10>& random) noexcept {
    uuid value;
    const auto ms = static_cast<std::uint64_t>(unix_ms);
    for (std::size_t i = 0; i < 6; ++i) value.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    for (std::size_t i = 0; i < 10; ++i) value.bytes[6 + i] = random[i];
    value.bytes[6] = static_cast<std::uint8_t>(0x70 | (value.bytes[6] & 0x0f));
    value.bytes[8] = static_cast<std::uint8_t>(0x80 | (value.bytes[8] & 0x3f));
    return value;
}

}  // namespace qtable
