// Percent-decoding, strict: a bad escape, an encoded NUL, or bytes that aren't UTF-8 after decoding are
// refused. No allocation of its own; any core.
#pragma once

#include <string>
#include <string_view>

namespace qtable::net {

// Decodes a path. Without escapes the result is `raw` itself, else it lies in `scratch`. False: refuse it.
[[nodiscard]] bool decode_path(std::string_view raw, std::string& scratch, std::string_view& out);

// Whether a raw query may be decoded: what `query_parameters` relies on.
[[nodiscard]] bool is_valid_query(std::string_view raw) noexcept;

// The byte of two hex digits, or -1.
int parse_escape(char high, char low) noexcept;

}  // namespace qtable::net
