// Base64 for URLs (RFC 4648, 5) without padding, canonical both ways: of each text only one spelling is
// taken. Pure functions, any core.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace qtable::proto {

void append_base64url(std::string& out, std::span<const std::uint8_t> bytes);
// Decodes into `out`; the number of bytes, or nullopt when the text is no canonical base64url or doesn't fit.
std::optional<std::size_t> decode_base64url(std::string_view text, std::span<std::uint8_t> out) noexcept;

}  // namespace qtable::proto
