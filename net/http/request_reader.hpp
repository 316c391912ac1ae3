// From bytes to requests: finds heads, scans them, gathers bodies, whatever way the bytes are cut. No I/O.
// Borrows the bytes of a read while it can, and copies only what is left incomplete at its end. A body that
// comes in several reads makes the head be scanned again when it is complete: cheaper than keeping it. Owner:
// one connection. Bounds: the head's limits + the body limit + what one read brings.
//
//     reader.begin(data, size);
//     while (...) switch (reader.next(head, fields)) {...}
//     reader.end();
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "net/http/chunked_decoder.hpp"
#include "net/http/fields.hpp"
#include "net/http/head_memory.hpp"
#include "net/http/head_scan.hpp"
#include "net/io/byte_buffer.hpp"

namespace qtable::net {

class request_reader {
  public:
    enum class outcome : std::uint8_t {
        need_more,
        head,     // `head` and `fields` are filled; call `begin_body` (or `drop`), then `next`
        request,  // the same, and `body` is whole; call `consume`, then `next`
        refused   // see `why`; nothing more can be read
    };

    // What was kept, followed by these bytes, which the reader may change until `end`.
    void begin(char* data, std::size_t size);
    void end();

    // With `memory`, lines that are known aren't read again.
    outcome next(request_head& head, field_list& fields, head_memory* memory = nullptr);
    // False when the announced body is longer than `limit`: refused.
    [[nodiscard]] bool begin_body(const request_head& head, std::size_t limit) noexcept;
    // Both parsers agreed on the present head: its lines may be known from here on.
    void remember_head(const request_head& head, const field_list& fields, head_memory& memory) noexcept;
    // Of the present request, from `head` until `consume`.
    std::string_view head_text() const noexcept { return {window_ + start_, head_bytes_}; }
    std::string_view body() const noexcept { return {window_ + start_ + head_bytes_, body_bytes_}; }
    void consume() noexcept;
    // Forgets everything that was received.
    void drop() noexcept;

    const refusal& why() const noexcept { return why_; }
    bool is_in_body() const noexcept { return stage_ == stage::body; }
    // After `end`: what is kept. Between requests that is the beginning of the next one.
    std::string_view kept() const noexcept { return kept_.view(); }

  private:
    enum class stage : std::uint8_t { head, body };

    outcome find_head(request_head& head, field_list& fields, head_memory* memory);
    bool recall_head(request_head& head, field_list& fields, const head_memory& memory) noexcept;
    outcome gather_body(request_head& head, field_list& fields);
    outcome refuse(const refusal& why) noexcept;
    std::size_t available() const noexcept { return window_size_ - start_; }

    byte_buffer kept_;
    char* window_ = nullptr;  // what may be looked at now: borrowed, or `kept_`'s
    std::size_t window_size_ = 0;
    std::size_t start_ = 0;  // of the present request in the window
    std::size_t head_bytes_ = 0;
    std::size_t body_bytes_ = 0;  // decoded, right behind the head
    std::size_t raw_ = 0;         // chunked: what is not decoded yet begins here, from `start_`
    std::uint64_t content_length_ = 0;
    head_finder finder_;
    chunked_decoder decoder_;
    refusal why_;
    stage stage_ = stage::head;
    bool is_chunked_ = false;
    bool is_borrowed_ = false;
    head_memory::hint hint_ = 0;
    bool is_scan_fresh_ = false;  // `head` and `fields` of the caller are those of the present request
};

}  // namespace qtable::net
