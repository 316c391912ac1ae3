// The chunked transfer coding, decoded in place as the bytes come. Extensions and trailers are bounded and
// dropped. No I/O, no memory of its own beyond counters. Bounds: the body limit,
// `limits::chunk_extension_bytes` a chunk, `limits::trailer_bytes`.
#pragma once

#include <cstddef>
#include <cstdint>

#include "net/http/head_scan.hpp"

namespace qtable::net {

class chunked_decoder {
  public:
    enum class outcome : std::uint8_t { need_more, done, refused };
    struct progress {
        outcome what = outcome::need_more;
        std::size_t consumed = 0;  // of the input
        std::size_t produced = 0;  // bytes of body, written at `out`
    };

    explicit chunked_decoder(std::size_t body_limit = 0) noexcept : body_limit_(body_limit) {}

    // `out` may be at or before `in`, in the same buffer.
    progress feed(const char* in, std::size_t size, char* out) noexcept;
    const refusal& why() const noexcept { return why_; }

  private:
    enum class state : std::uint8_t {
        size_first,
        size,
        extension,
        extension_quoted,   // inside of a quoted string
        extension_escaped,  // after a backslash in one
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_start,
        trailer,
        trailer_lf,
        end_lf,
        done
    };

    bool take_size_digit(char c) noexcept;
    bool take_extension(char c) noexcept;
    bool take(char c) noexcept;
    bool take_trailer(char c) noexcept;
    bool refuse(int status, errc code, const char* detail) noexcept;

    std::uint64_t body_limit_;
    std::uint64_t body_bytes_ = 0;  // announced so far
    std::uint64_t chunk_left_ = 0;
    std::uint32_t extension_bytes_ = 0;
    std::uint32_t trailer_bytes_ = 0;
    std::uint8_t size_digits_ = 0;
    state state_ = state::size_first;
    refusal why_;
};

}  // namespace qtable::net
