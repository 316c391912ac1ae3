// What the targets share: reading values out of the bytes of an input, cutting a text into slices, and the
// assertion that libFuzzer and the replay see as a crash.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/assert.hpp"
#include "core/base/ids.hpp"
#include "core/base/instant_bounds.hpp"

namespace qtable::fuzz {

// Takes values from the front; what is missing reads as zero and as empty text.
class input {
  public:
    input(const std::uint8_t* data, std::size_t size) noexcept
        : rest_(reinterpret_cast<const char*>(data), data == nullptr ? 0 : size) {}

    template <class T>
    T take() noexcept {
        static_assert(std::is_integral_v<T>);
        T value = 0;
        const std::size_t bytes = std::min(sizeof value, rest_.size());
        std::memcpy(&value, rest_.data(), bytes);
        rest_.remove_prefix(bytes);
        return value;
    }
    bool take_bool() noexcept { return (take<std::uint8_t>() & 1U) != 0; }
    // 0 … most.
    int take_below(int bound) noexcept { return take<std::uint16_t>() % bound; }
    uuid take_uuid() noexcept {
        uuid made;
        for (std::size_t i = 0; i < made.bytes.size(); i += 8) {
            const auto half = take<std::uint64_t>();
            std::memcpy(made.bytes.data() + i, &half, sizeof half);
        }
        return made;
    }
    // One that can be written.
    instant take_instant() noexcept {
        constexpr auto moments = static_cast<std::uint64_t>(latest_instant.ms - earliest_instant.ms + 1);
        return earliest_instant.plus_ms(static_cast<std::int64_t>(take<std::uint64_t>() % moments));
    }
    date take_date() noexcept {
        constexpr std::int32_t first = -719'162, days = 3'652'059;
        return {first + static_cast<std::int32_t>(take<std::uint32_t>() % days)};
    }
    // At most 255 bytes.
    std::string_view take_text() noexcept {
        const std::size_t wanted = take<std::uint8_t>();  // before what is left is asked for
        const std::size_t bytes = std::min(wanted, rest_.size());
        const std::string_view text = rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
        return text;
    }
    std::string_view take_line() noexcept {
        const std::size_t end = std::min(rest_.find('\n'), rest_.size());
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        return line;
    }
    std::string_view rest() const noexcept { return rest_; }

  private:
    std::string_view rest_;
};

// Calls `feed(std::span<char>)` with copies of consecutive pieces of `text`, each in memory of its own, until
// it returns false. The seed decides where the cuts are: 0 = one piece, 1 = single bytes.
template <class Feed>
void in_slices(std::string_view text, std::uint8_t seed, Feed&& feed) {
    std::uint32_t state = seed;
    while (!text.empty()) {
        state = state * 1'103'515'245U + 12'345U;
        const std::size_t most = seed == 0 ? text.size() : 1 + (state >> 16) % (seed == 1 ? 1U : seed);
        std::string piece(text.substr(0, most));
        text.remove_prefix(piece.size());
        if (!feed(std::span<char>(piece))) return;
    }
}

}  // namespace qtable::fuzz
