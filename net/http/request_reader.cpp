#include "net/http/request_reader.hpp"

#include <algorithm>
#include <cstring>

namespace qtable::net {

void request_reader::begin(char* data, std::size_t size) {
    is_borrowed_ = kept_.empty() && size != 0;
    if (is_borrowed_) {
        window_ = data;
        window_size_ = size;
    } else {
        kept_.append(data, size);
        window_ = kept_.data();
        window_size_ = kept_.size();
    }
    start_ = 0;
    is_scan_fresh_ = false;
}

void request_reader::end() {
    // What is decoded of a chunked body makes a hole before what isn't; close it.
    std::size_t size = available();
    if (stage_ == stage::body && is_chunked_ && raw_ == size) size = raw_ = head_bytes_ + body_bytes_;
    if (is_borrowed_) {
        kept_.append(window_ + start_, size);
    } else if (size == 0) {
        kept_.release();
    } else {
        kept_.erase_front(start_);
        kept_.truncate(size);
    }
    is_borrowed_ = false;
    window_ = kept_.data();
    window_size_ = kept_.size();
    start_ = 0;
}

void request_reader::drop() noexcept {
    start_ = window_size_;
    finder_.reset();
    stage_ = stage::head;
}

request_reader::outcome request_reader::refuse(const refusal& why) noexcept {
    why_ = why;
    drop();
    return outcome::refused;
}

request_reader::outcome request_reader::next(request_head& head, field_list& fields, head_memory* memory) {
    return stage_ == stage::body ? gather_body(head, fields) : find_head(head, fields, memory);
}

// The usual case: a request line, then the same lines as last time.
bool request_reader::recall_head(request_head& head, field_list& fields, const head_memory& memory) noexcept {
    const char* const start = window_ + start_;
    const std::size_t most = std::min(available(), limits::request_line_bytes + 2);
    const void* const line_end = std::memchr(start, '\n', most);
    if (line_end == nullptr) return false;
    const auto line_size = static_cast<std::size_t>(static_cast<const char*>(line_end) - start);
    if (line_size == 0 || start[line_size - 1] != '\r') return false;
    if (scan_request_line({start, line_size - 1}, head) || head.minor_version != 1) return false;
    const std::size_t lines_at = line_size + 1;
    const std::size_t known =
        memory.recall_start(hint_, {start + lines_at, available() - lines_at}, head, fields);
    if (known == 0) return false;
    head_bytes_ = lines_at + known;
    return true;
}

void request_reader::remember_head(const request_head& head, const field_list& fields,
                                   head_memory& memory) noexcept {
    const std::string_view text = head_text();
    memory.remember(text.substr(text.find('\n') + 1), hint_, head, fields);
}

request_reader::outcome request_reader::find_head(request_head& head, field_list& fields,
                                                  head_memory* memory) {
    if (memory != nullptr && finder_.is_fresh() && available() != 0 && recall_head(head, fields, *memory)) {
        is_scan_fresh_ = true;
        return outcome::head;
    }
    for (;;) {
        if (available() == 0) return outcome::need_more;
        switch (finder_.find({window_ + start_, available()})) {
            case head_finder::outcome::incomplete:
                return outcome::need_more;
            case head_finder::outcome::refused:
                return refuse(finder_.why());
            case head_finder::outcome::complete:
                break;
        }
        head_bytes_ = finder_.head_bytes();
        finder_.reset();
        if (head_bytes_ > 2) break;
        start_ += head_bytes_;  // an empty line before the request line is to be passed over (RFC 9112, 2.2)
    }
    const std::string_view text = head_text();
    const std::size_t line_end = text.find("\r\n");
    fields.clear();
    if (const auto bad = scan_request_line(text.substr(0, line_end), head)) return refuse(*bad);
    const std::string_view lines = text.substr(line_end + 2);
    const bool is_known =
        memory != nullptr && head.minor_version == 1 && memory->recall(lines, hint_, head, fields);
    if (!is_known) {
        if (const auto bad = scan_lines(lines, head, fields)) return refuse(*bad);
    }
    is_scan_fresh_ = true;
    return outcome::head;
}

bool request_reader::begin_body(const request_head& head, std::size_t limit) noexcept {
    if (head.content_length > limit) {
        refuse({413, errc::payload_too_large, "the body is too large"});
        return false;
    }
    stage_ = stage::body;
    is_chunked_ = head.is_chunked;
    content_length_ = head.content_length;
    body_bytes_ = 0;
    raw_ = head_bytes_;
    if (is_chunked_) decoder_ = chunked_decoder(limit);
    return true;
}

request_reader::outcome request_reader::gather_body(request_head& head, field_list& fields) {
    if (is_chunked_) {
        char* const at = window_ + start_;
        const auto progress = decoder_.feed(at + raw_, available() - raw_, at + head_bytes_ + body_bytes_);
        raw_ += progress.consumed;
        body_bytes_ += progress.produced;
        if (progress.what == chunked_decoder::outcome::refused) return refuse(decoder_.why());
        if (progress.what == chunked_decoder::outcome::need_more) return outcome::need_more;
    } else {
        if (available() - head_bytes_ < content_length_) return outcome::need_more;
        body_bytes_ = static_cast<std::size_t>(content_length_);
        raw_ = head_bytes_ + body_bytes_;
    }
    if (!is_scan_fresh_) {
        if (const auto bad = scan_head({window_ + start_, head_bytes_}, head, fields)) return refuse(*bad);
    }
    return outcome::request;
}

void request_reader::consume() noexcept {
    start_ += raw_;
    stage_ = stage::head;
    is_scan_fresh_ = false;
}

}  // namespace qtable::net
