// Identifiers: a 128-bit UUID and one distinct type per kind of thing, so that a table id can't be passed as
// a guest id. Plain values, any core. Ids are UUIDv7 (RFC 9562): made outside of core, which has no clock and
// no randomness.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace qtable {

struct uuid {
    std::array<std::uint8_t, 16> bytes{};

    // Two words each: an array of bytes would be compared by a call.
    friend constexpr bool operator==(const uuid& a, const uuid& b) noexcept {
        const words x = std::bit_cast<words>(a.bytes), y = std::bit_cast<words>(b.bytes);
        return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
    }
    // In the order of the bytes.
    friend constexpr std::strong_ordering operator<=>(const uuid& a, const uuid& b) noexcept {
        const words x = std::bit_cast<words>(a.bytes), y = std::bit_cast<words>(b.bytes);
        const std::size_t i = x[0] == y[0] ? 1 : 0;
        return in_order(x[i]) <=> in_order(y[i]);
    }
    bool is_nil() const noexcept { return *this == uuid{}; }

    // Any 64 bits of a UUIDv7 that spread well: its last 8 bytes are random.
    std::uint64_t hash() const noexcept {
        std::uint64_t high = 0, low = 0;
        std::memcpy(&high, bytes.data(), 8);
        std::memcpy(&low, bytes.data() + 8, 8);
        std::uint64_t mixed = (high ^ (low * 0x9e3779b97f4a7c15ULL));
        mixed ^= mixed >> 32;
        return mixed * 0xd6e8feb86659fd93ULL;
    }

  private:
    using words = std::array<std::uint64_t, 2>;
    static constexpr std::uint64_t in_order(std::uint64_t word) noexcept {
        return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
    }
};

// Accepts exactly the 36-character form, either case; anything else is nullopt.
std::optional<uuid> parse_uuid(std::string_view text) noexcept;
// Writes 36 lower-case characters at `out`; returns the position after them.
char* format_uuid(const uuid& value, char* out) noexcept;
std::string to_string(const uuid& value);

// Builds a UUIDv7 from a Unix time in milliseconds and 80 random bits, of which 74 are used (RFC 9562, 5.7).
uuid make_uuid_v7(std::int64_t unix_ms, const std::array<std::uint8_t, 10>& random) noexcept;

template <class Tag>
struct id : uuid {
    id() = default;
    explicit id(const uuid& value) : uuid(value) {}
    static std::optional<id> parse(std::string_view text) noexcept {
        if (auto value = parse_uuid(text)) return id(*value);
        return std::nullopt;
    }
};

using restaurant_id = id<struct restaurant_tag>;
using table_id = id<struct table_tag>;
using combination_id = id<struct combination_tag>;
using slot_id = id<struct slot_tag>;
using reservation_id = id<struct reservation_tag>;
using customer_id = id<struct customer_tag>;
using staff_id = id<struct staff_tag>;
using guest_id = id<struct guest_tag>;
using hold_id = id<struct hold_tag>;
using command_id = id<struct command_tag>;

// For std and Boost hash maps.
struct id_hash {
    std::size_t operator()(const uuid& value) const noexcept {
        return static_cast<std::size_t>(value.hash());
    }
};

}  // namespace qtable
