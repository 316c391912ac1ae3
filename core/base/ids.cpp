#include "core/base/ids.hpp"

namespace qtable {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

// The digit's value; 0xff for what is none.
constexpr std::array<std::uint8_t, 256> make_hex_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(0xff);
    for (std::uint8_t digit = 0; digit < 16; ++digit) {
        const char c = hex_digits[digit];
        values[static_cast<unsigned char>(c)] = digit;
        if (digit > 9) values[static_cast<unsigned char>(c - 'a' + 'A')] = digit;
    }
    return values;
}
constexpr std::array<std::uint8_t, 256> hex_values = make_hex_values();

// Where the digits of each byte stand in the 36 characters.
constexpr std::array<std::uint8_t, 16> digits_at{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

constexpr bool dash_before(std::size_t byte) noexcept {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

std::optional<uuid> parse_uuid(std::string_view text) noexcept {
    if (text.size() != 36) return std::nullopt;
    if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
    uuid value;
    unsigned wrong = 0;
    for (std::size_t byte = 0; byte < 16; ++byte) {
        const unsigned high = hex_values[static_cast<unsigned char>(text[digits_at[byte]])];
        const unsigned low = hex_values[static_cast<unsigned char>(text[digits_at[byte] + 1U])];
        wrong |= high | low;  // only what is no digit has a bit above the four
        value.bytes[byte] = static_cast<std::uint8_t>(high << 4 | low);
    }
    if (wrong > 15) return std::nullopt;
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
