// The part of the restaurants that a node holds, where several divide them among themselves: part I of N. Who
// stands in front, or another system, can work it out: the id's last eight hexadecimal digits as a number,
// modulo N, are I - 1 (SQL: `('x' || right(id::text, 8))::bit(32)::bigint % N`). They are random in a UUIDv7.
// A plain value, any core. Bounds: `parts_max` parts. Default: all of them, part 1 of 1.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/ids.hpp"

namespace qtable {

struct partition {
    static constexpr std::uint32_t parts_max = 1024;

    std::uint32_t part = 1;
    std::uint32_t of = 1;

    static constexpr std::uint32_t number_of(const uuid& id) noexcept {
        std::uint32_t number = 0;
        for (std::size_t i = 12; i < 16; ++i) number = number << 8 | id.bytes[i];
        return number;
    }
    constexpr bool is_all() const noexcept { return of == 1; }
    constexpr bool holds(const restaurant_id& id) const noexcept { return number_of(id) % of == part - 1; }

    // "2/3": digits alone, 1 ≤ I ≤ N ≤ parts_max.
    static std::optional<partition> parse(std::string_view text) noexcept {
        const std::size_t slash = text.find('/');
        if (slash == std::string_view::npos) return std::nullopt;
        partition made;
        const auto read = [](std::string_view digits, std::uint32_t& into) {
            const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
            return failed == std::errc{} && end == digits.data() + digits.size();
        };
        if (!read(text.substr(0, slash), made.part) || !read(text.substr(slash + 1), made.of))
            return std::nullopt;
        if (made.part < 1 || made.part > made.of || made.of > parts_max) return std::nullopt;
        return made;
    }
    friend bool operator==(const partition&, const partition&) = default;
};

}  // namespace qtable
