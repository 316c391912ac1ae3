#include "net/http/chunked_decoder.hpp"

#include <algorithm>
#include <cstring>

#include "core/base/limits.hpp"

namespace qtable::net {
namespace {

bool is_control(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

}  // namespace

bool chunked_decoder::refuse(int status, errc code, const char* detail) noexcept {
    why_ = {status, code, detail};
    return false;
}

bool chunked_decoder::take_size_digit(char c) noexcept {
    unsigned digit = 0;
    if (c >= '0' && c <= '9')
        digit = static_cast<unsigned>(c - '0');
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        digit = static_cast<unsigned>((c | 0x20) - 'a' + 10);
    else
        return refuse(400, errc::malformed_request, "a chunk's size is no hexadecimal number");
    if (++size_digits_ > 16) return refuse(400, errc::malformed_request, "a chunk's size is too long");
    chunk_left_ = chunk_left_ * 16 + digit;
    return true;
}

// Dropped, but for what it says of its own end: to a reader that takes a line end into a quoted string the
// body would go on.
bool chunked_decoder::take_extension(char c) noexcept {
    if (c == '\r' && state_ == state::extension) {
        state_ = state::size_lf;
        return true;
    }
    if (is_control(c) || ++extension_bytes_ > limits::chunk_extension_bytes)
        return refuse(400, errc::malformed_request, "a chunk extension is too long or not text");
    if (state_ == state::extension_escaped) {
        state_ = state::extension_quoted;
    } else if (c == '"') {
        state_ = state_ == state::extension ? state::extension_quoted : state::extension;
    } else if (c == '\\' && state_ == state::extension_quoted) {
        state_ = state::extension_escaped;
    }
    return true;
}

bool chunked_decoder::take_trailer(char c) noexcept {
    if (++trailer_bytes_ > limits::trailer_bytes)
        return refuse(431, errc::headers_too_large, "the trailers are too large");
    if (c == '\r') {
        state_ = state_ == state::trailer_start ? state::end_lf : state::trailer_lf;
        return true;
    }
    if (is_control(c)) return refuse(400, errc::malformed_request, "a trailer holds a control character");
    state_ = state::trailer;
    return true;
}

// Everything but chunk data, byte by byte. False: refused.
bool chunked_decoder::take(char c) noexcept {
    switch (state_) {
        case state::size_first:
            chunk_left_ = extension_bytes_ = size_digits_ = 0;
            state_ = state::size;
            return take_size_digit(c);
        case state::size:
            if (c == '\r')
                state_ = state::size_lf;
            else if (c == ';')
                state_ = state::extension;
            else
                return take_size_digit(c);
            return true;
        case state::extension:
        case state::extension_quoted:
        case state::extension_escaped:
            return take_extension(c);
        case state::size_lf:
            if (c != '\n') return refuse(400, errc::malformed_request, "a chunk's size doesn't end in CRLF");
            if (chunk_left_ > body_limit_ - body_bytes_)
                return refuse(413, errc::payload_too_large, "the body is too large");
            body_bytes_ += chunk_left_;
            state_ = chunk_left_ == 0 ? state::trailer_start : state::data;
            return true;
        case state::data_cr:
            state_ = state::data_lf;
            return c == '\r' || refuse(400, errc::malformed_request, "a chunk is longer than its size");
        case state::data_lf:
            state_ = state::size_first;
            return c == '\n' || refuse(400, errc::malformed_request, "a chunk doesn't end in CRLF");
        case state::trailer_start:
        case state::trailer:
            return take_trailer(c);
        case state::trailer_lf:
            state_ = state::trailer_start;
            return c == '\n' || refuse(400, errc::malformed_request, "a trailer doesn't end in CRLF");
        case state::end_lf:
            state_ = state::done;
            return c == '\n' || refuse(400, errc::malformed_request, "the body doesn't end in CRLF");
        case state::data:
        case state::done:
            break;
    }
    return true;
}

chunked_decoder::progress chunked_decoder::feed(const char* in, std::size_t size, char* out) noexcept {
    progress at;
    while (state_ != state::done && at.consumed < size) {
        if (state_ == state::data) {
            const std::size_t bytes = std::min<std::size_t>(chunk_left_, size - at.consumed);
            std::memmove(out + at.produced, in + at.consumed, bytes);
            at.consumed += bytes;
            at.produced += bytes;
            chunk_left_ -= bytes;
            if (chunk_left_ == 0) state_ = state::data_cr;
        } else if (!take(in[at.consumed++])) {
            at.what = outcome::refused;
            return at;
        }
    }
    if (state_ == state::done) at.what = outcome::done;
    return at;
}

}  // namespace qtable::net
