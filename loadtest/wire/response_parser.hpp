// Reads one HTTP/1.1 answer after the other from the pieces that a socket gives: status, length or chunks,
// and the body only when somebody wants it. An answer that comes in one piece is neither copied nor allocated
// for. One per connection, one thread. Bounds: `head_bytes_max` for a head, `body_bytes_max` for a body that
// is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace qtable::loadtest {

class response_parser {
  public:
    enum class state : std::uint8_t { more, complete, malformed };
    static constexpr std::size_t head_bytes_max = 64 * 1024;
    static constexpr std::size_t body_bytes_max = 16 * 1024 * 1024;

    // Before each answer.
    void begin(bool wants_body) noexcept;
    // After `complete`, `body()` and `rest()` are views into `bytes` or into this, until the next call.
    state feed(std::string_view bytes);
    // The peer closed: that ends a body without a length.
    state end() noexcept;

    int status() const noexcept { return status_; }
    std::string_view body() const noexcept { return body_; }
    std::string_view rest() const noexcept { return rest_; }  // what came after the answer
    // Whether another request may be sent on this connection.
    bool keeps_alive() const noexcept { return keeps_alive_; }
    int retry_after_s() const noexcept { return retry_after_s_; }  // -1 = not said
    bool has_begun() const noexcept { return phase_ != phase::head || !head_.empty(); }

  private:
    enum class phase : std::uint8_t {
        head,
        sized,
        until_close,
        chunk_size,
        chunk_data,
        chunk_data_end,
        trailers,
        done
    };

    state read_head(std::string_view bytes);
    bool parse_head(std::string_view head);
    void parse_field(std::string_view line);
    state read_sized(std::string_view bytes);
    state read_chunks(std::string_view bytes);
    bool take_line(std::string_view& bytes);
    bool begin_chunk();
    bool keep(std::string_view bytes);
    state finish(std::string_view rest);

    phase phase_ = phase::head;
    bool wants_body_ = false;
    bool keeps_alive_ = true;
    bool is_chunked_ = false;
    int status_ = 0;
    int retry_after_s_ = -1;
    std::int64_t length_ = -1;     // of the body, -1 = not said
    std::uint64_t remaining_ = 0;  // of the body or the chunk
    std::string head_;             // of a head that came in several pieces
    std::string line_;             // of a chunk's head or a trailer
    std::string kept_;             // of a body that came in several pieces
    std::string_view body_, rest_;
};

}  // namespace qtable::loadtest
