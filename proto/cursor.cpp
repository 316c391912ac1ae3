#include "proto/cursor.hpp"

#include <array>
#include <bit>
#include <cmath>

#include "core/base/instant_bounds.hpp"
#include "proto/base64url.hpp"

namespace qtable::proto {

namespace {

// One byte that says the kind and version, 8 bytes of the key, 16 of the id.
constexpr std::size_t cursor_bytes = 25;
constexpr std::uint8_t distance_kind = 0x11;
constexpr std::uint8_t instant_kind = 0x21;

struct raw_cursor {
    std::uint64_t key = 0;
    uuid id;
};

void append(std::string& out, std::uint8_t kind, const raw_cursor& value) {
    std::array<std::uint8_t, cursor_bytes> bytes{};
    bytes[0] = kind;
    for (std::size_t i = 0; i < 8; ++i) bytes[1 + i] = static_cast<std::uint8_t>(value.key >> (56 - 8 * i));
    for (std::size_t i = 0; i < 16; ++i) bytes[9 + i] = value.id.bytes[i];
    append_base64url(out, bytes);
}

std::optional<raw_cursor> decode(std::uint8_t kind, std::string_view text) noexcept {
    std::array<std::uint8_t, cursor_bytes> bytes{};
    const auto size = decode_base64url(text, bytes);
    if (size != cursor_bytes || bytes[0] != kind) return std::nullopt;
    raw_cursor value;
    for (std::size_t i = 0; i < 8; ++i) value.key = value.key << 8U | bytes[1 + i];
    for (std::size_t i = 0; i < 16; ++i) value.id.bytes[i] = bytes[9 + i];
    return value;
}

}  // namespace

void append_cursor(std::string& out, const distance_cursor& value) {
    append(out, distance_kind, {std::bit_cast<std::uint64_t>(value.distance), value.id});
}

std::string encode_cursor(const instant_cursor& value) {
    std::string text;
    append(text, instant_kind, {static_cast<std::uint64_t>(value.at.ms), value.id});
    return text;
}

std::optional<distance_cursor> decode_distance_cursor(std::string_view text) noexcept {
    const auto raw = decode(distance_kind, text);
    if (!raw) return std::nullopt;
    const auto distance = std::bit_cast<double>(raw->key);
    if (!std::isfinite(distance) || distance < 0) return std::nullopt;
    return distance_cursor{distance, raw->id};
}

std::optional<instant_cursor> decode_instant_cursor(std::string_view text) noexcept {
    const auto raw = decode(instant_kind, text);
    if (!raw) return std::nullopt;
    const instant at{static_cast<std::int64_t>(raw->key)};
    if (!is_writable(at)) return std::nullopt;
    return instant_cursor{at, raw->id};
}

}  // namespace qtable::proto
