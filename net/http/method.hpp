// The request methods that the server tells apart. Plain values, any core.
#pragma once

#include <cstdint>
#include <string_view>

namespace qtable::net {

enum class method : std::uint8_t { get, head, post, put, patch, delete_, options, trace, connect, unknown };

// The name as it stands on the request line, case-sensitive.
method parse_method(std::string_view name) noexcept;
std::string_view name_of(method value) noexcept;

}  // namespace qtable::net
