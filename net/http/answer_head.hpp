// The lines that begin every answer. Any core; appends to the string that it is given.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

namespace qtable::net {

// `HTTP/1.1 200 OK`, with its line end.
void append_status_line(std::string& out, int status);
void append_number(std::string& out, std::size_t value);
// `Date: Sun, 06 Nov 1994 08:49:37 GMT`, with its line end.
std::string render_date_line(instant now);
// 1xx, 204 and 304 have no body and say nothing about its length.
constexpr bool may_have_body(int status) noexcept {
    return status >= 200 && status != 204 && status != 304;
}

enum class persistence { implied, keep_alive, close };
void append_connection(std::string& out, persistence kind);

}  // namespace qtable::net
