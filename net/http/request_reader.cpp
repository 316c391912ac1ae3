#include "net/http/request_reader.hpp"

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

request_reader::outcome request_reader::next(request_head& head, field_list& fields) {
    return stage_ == stage::body ? gather_body(head, fields) : find_head(head, fields);
}

request_reader::outcome request_reader::find_head(request_head& head, field_list& fields) {
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
    if (const auto bad = scan_head({window_ + start_, head_bytes_}, head, fields)) return refuse(*bad);
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
