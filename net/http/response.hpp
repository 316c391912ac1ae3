// An answer as a value: for requests that are answered later, from another core or after a commit. Owns its
// bytes. Built anywhere, moved to the connection's core, given to `http_service::complete`.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/engine/reply.hpp"

namespace qtable::net {

struct response {
    int status = 200;
    std::string headers;  // complete lines, each ended by CRLF; Content-Length, Date and X-Request-Id are the
                          // engine's
    std::string body;
    // For counting and logging alone.
    errc code = errc::ok;  // of the problem that it is
    stage_marks marks{};   // of the command that it answers

    // `name` and `value` come from us, never from input that could hold a line break; asserted.
    response& header(std::string_view name, std::string_view value);
    response& content(std::string_view type, std::string bytes);
};

// What would end a header line early, and let a value become a header of its own.
inline bool has_line_break(std::string_view value) noexcept {
    return std::memchr(value.data(), '\r', value.size()) != nullptr ||
           std::memchr(value.data(), '\n', value.size()) != nullptr;
}

namespace content_type {
constexpr std::string_view json = "application/json";
constexpr std::string_view problem = "application/problem+json";
constexpr std::string_view text = "text/plain; charset=utf-8";
constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view style = "text/css; charset=utf-8";
constexpr std::string_view script = "text/javascript; charset=utf-8";
constexpr std::string_view bytes = "application/octet-stream";
}  // namespace content_type

}  // namespace qtable::net
