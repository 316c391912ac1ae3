// The strict reading of a request's head. It decides alone what the framing is, so that no two readers of the
// same bytes can disagree on where a request ends (request smuggling): whatever is doubtful is refused. No
// I/O, no allocation; the results are views into the head. Bounds: `limits::request_line_bytes`,
// `header_bytes`, `header_fields`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/error.hpp"
#include "net/http/fields.hpp"
#include "net/http/method.hpp"

namespace qtable::net {

// An answer that the engine gives by itself, after which the connection is closed.
struct refusal {
    int status = 400;
    errc code = errc::malformed_request;
    std::string_view detail;
};

// Finds the end of a head in bytes that come piece by piece. Looks at each line once.
class head_finder {
  public:
    enum class outcome : std::uint8_t { incomplete, complete, refused };

    // `received` begins at the request line and only grows between calls.
    outcome find(std::string_view received) noexcept;
    // Of the head, with its empty line; valid after `complete`.
    std::size_t head_bytes() const noexcept { return line_start_; }
    const refusal& why() const noexcept { return why_; }
    bool is_fresh() const noexcept { return looked_at_ == 0; }
    void reset() noexcept { *this = {}; }

  private:
    outcome refuse(int status, errc code, std::string_view detail) noexcept;

    std::size_t line_start_ = 0;  // of the line that isn't complete yet
    std::size_t looked_at_ = 0;   // no line end before this
    refusal why_;
};

struct request_head {
    net::method method = net::method::unknown;
    std::string_view method_name;
    std::string_view target;     // as it stands on the request line
    std::string_view raw_path;   // of the target, still encoded; "*" for OPTIONS *
    std::string_view raw_query;  // without '?'
    int minor_version = 1;       // of HTTP/1
    std::uint64_t content_length = 0;
    bool is_chunked = false;
    bool is_keep_alive = true;
    bool expects_continue = false;
    bool is_known = false;  // the lines after the request line are equal to ones that both parsers found good

    bool has_body() const noexcept { return is_chunked || content_length != 0; }
};

// `head` is complete, up to and with the empty line. Fills `out` and `fields`, or says why not.
std::optional<refusal> scan_head(std::string_view head, request_head& out, field_list& fields) noexcept;

// Its two parts. The first resets `out`; `line` comes without its line end. The second, after it, takes what
// follows the request line.
std::optional<refusal> scan_request_line(std::string_view line, request_head& out) noexcept;
std::optional<refusal> scan_lines(std::string_view lines, request_head& out, field_list& fields) noexcept;

}  // namespace qtable::net
