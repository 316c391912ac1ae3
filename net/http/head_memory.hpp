// The header lines of requests seen lately, with what both parsers made of them. A client repeats its lines
// from request to request, so most heads need only their request line read: the rest is equal, byte for byte,
// to lines that were found good, and says the same of the body. Lines that change with each request are not
// kept. Owner: one core's `http_scratch`. Bounds: `limits::remembered_heads` of
// `limits::remembered_head_bytes` each; no allocation after construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/base/limits.hpp"
#include "net/http/head_scan.hpp"

namespace qtable::net {

class head_memory {
  public:
    // A guess at the place, kept by each connection for its next request.
    using hint = std::uint16_t;

    head_memory();

    // How many bytes of `received`, which begins after a request line, are lines that are known; 0 = none.
    // Then `fields` and what the lines say are filled in.
    std::size_t recall_start(hint at, std::string_view received, request_head& head,
                             field_list& fields) const noexcept;
    // The same for all lines of a head, up to and with the empty one. Sets the hint, also for `remember`.
    bool recall(std::string_view lines, hint& at, request_head& head, field_list& fields) const noexcept;
    // Of an HTTP/1.1 head that both parsers agree on.
    void remember(std::string_view lines, hint at, const request_head& head,
                  const field_list& fields) noexcept;

  private:
    struct known {
        std::array<char, limits::remembered_head_bytes> text;
        std::size_t size = 0;  // 0 = nothing yet
        field_list fields;     // views into `text`
        std::uint64_t content_length = 0;
        bool is_chunked = false, is_keep_alive = true;
    };
    static void give(const known& from, const char* lines, request_head& head, field_list& fields) noexcept;

    std::unique_ptr<known[]> places_;
};

}  // namespace qtable::net
