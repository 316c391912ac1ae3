#include "loadtest/wire/response_parser.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace qtable::loadtest {

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::size_t status_line_min = 12;  // "HTTP/1.1 200"
constexpr std::size_t line_bytes_max = 4096;

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_same(std::string_view given, std::string_view lower_case) noexcept {
    return given.size() == lower_case.size() && std::equal(given.begin(), given.end(), lower_case.begin(),
                                                           [](char a, char b) { return lower(a) == b; });
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

template <class Number>
bool parse_whole(std::string_view text, Number& value, int base = 10) noexcept {
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value, base);
    return error == std::errc() && at == end;
}

}  // namespace

void response_parser::begin(bool wants_body) noexcept {
    phase_ = phase::head;
    wants_body_ = wants_body;
    keeps_alive_ = true;
    is_chunked_ = false;
    status_ = 0;
    retry_after_s_ = -1;
    length_ = -1;
    remaining_ = 0;
    head_.clear();
    line_.clear();
    kept_.clear();
    body_ = rest_ = {};
}

response_parser::state response_parser::feed(std::string_view bytes) {
    switch (phase_) {
        case phase::head:
            return read_head(bytes);
        case phase::sized:
            return read_sized(bytes);
        case phase::until_close:
            return keep(bytes) ? state::more : state::malformed;
        case phase::done:
            return state::malformed;  // nobody asked for anything
        default:
            return read_chunks(bytes);
    }
}

response_parser::state response_parser::end() noexcept {
    if (phase_ != phase::until_close) return state::malformed;
    keeps_alive_ = false;
    return finish({});
}

response_parser::state response_parser::finish(std::string_view rest) {
    phase_ = phase::done;
    if (body_.empty()) body_ = kept_;
    rest_ = rest;
    return state::complete;
}

response_parser::state response_parser::read_head(std::string_view bytes) {
    std::string_view all = bytes;
    if (!head_.empty()) all = head_.append(bytes);
    const std::size_t end = all.find(head_end);
    if (end == std::string_view::npos) {
        if (head_.empty()) head_ = bytes;
        return head_.size() > head_bytes_max ? state::malformed : state::more;
    }
    if (!parse_head(all.substr(0, end))) return state::malformed;
    const std::string_view body = all.substr(end + head_end.size());
    if (status_ == 101) return finish(body);
    if (status_ < 200) {  // 100, 103: the answer is still to come
        std::string left(body);
        begin(wants_body_);
        if (left.empty()) return state::more;
        head_ = std::move(left);
        return read_head({});
    }
    if (status_ == 204 || status_ == 304 || length_ == 0) return finish(body);
    if (is_chunked_) {
        phase_ = phase::chunk_size;
    } else if (length_ > 0) {
        phase_ = phase::sized;
        remaining_ = static_cast<std::uint64_t>(length_);
    } else {
        phase_ = phase::until_close;
    }
    // `head_`, which `body` may lie in, stays as it is until `begin`.
    return body.empty() ? state::more : feed(body);
}

bool response_parser::parse_head(std::string_view head) {
    if (head.size() < status_line_min || !head.starts_with("HTTP/1.") || head[8] != ' ') return false;
    if (!parse_whole(head.substr(9, 3), status_) || status_ < 100 || status_ > 599) return false;
    keeps_alive_ = head[7] == '1';
    std::size_t at = head.find('\n');
    while (at != std::string_view::npos) {
        const std::size_t from = at + 1;
        at = head.find('\n', from);
        const std::string_view line = head.substr(from, at == std::string_view::npos ? at : at - from);
        // Only four fields matter here; most lines are told by their first letter.
        const char first = line.empty() ? '\0' : lower(line.front());
        if (first == 'c' || first == 't' || first == 'r') parse_field(line);
    }
    return length_ >= -1;
}

void response_parser::parse_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (is_same(name, "content-length")) {
        if (!parse_whole(value, length_) || length_ < 0) length_ = -2;
    } else if (is_same(name, "transfer-encoding")) {
        is_chunked_ = is_same(value, "chunked");
    } else if (is_same(name, "connection")) {
        if (is_same(value, "close")) keeps_alive_ = false;
        if (is_same(value, "keep-alive")) keeps_alive_ = true;
    } else if (is_same(name, "retry-after")) {
        if (!parse_whole(value, retry_after_s_)) retry_after_s_ = -1;
    }
}

response_parser::state response_parser::read_sized(std::string_view bytes) {
    const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
    const std::string_view piece = bytes.substr(0, taken);
    remaining_ -= taken;
    if (remaining_ == 0 && kept_.empty()) {
        if (wants_body_) body_ = piece;
    } else if (!keep(piece)) {
        return state::malformed;
    }
    return remaining_ == 0 ? finish(bytes.substr(taken)) : state::more;
}

bool response_parser::keep(std::string_view bytes) {
    if (!wants_body_) return true;
    if (kept_.size() + bytes.size() > body_bytes_max) return false;
    kept_.append(bytes);
    return true;
}

// Whether the line is complete; it is then in `line_` without its end.
bool response_parser::take_line(std::string_view& bytes) {
    const std::size_t end = bytes.find('\n');
    line_.append(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end == std::string_view::npos) return false;
    if (line_.ends_with('\r')) line_.pop_back();
    return true;
}

bool response_parser::begin_chunk() {
    const std::string_view size = trimmed(std::string_view(line_).substr(0, line_.find(';')));
    const bool is_number = parse_whole(size, remaining_, 16);
    line_.clear();
    phase_ = remaining_ == 0 ? phase::trailers : phase::chunk_data;
    return is_number;
}

response_parser::state response_parser::read_chunks(std::string_view bytes) {
    while (!bytes.empty()) {
        if (phase_ == phase::chunk_data) {
            const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
            if (!keep(bytes.substr(0, taken))) return state::malformed;
            bytes.remove_prefix(taken);
            remaining_ -= taken;
            if (remaining_ == 0) phase_ = phase::chunk_data_end;
            continue;
        }
        if (!take_line(bytes)) return line_.size() > line_bytes_max ? state::malformed : state::more;
        if (phase_ == phase::chunk_size) {
            if (!begin_chunk()) return state::malformed;
        } else if (phase_ == phase::chunk_data_end) {
            if (!line_.empty()) return state::malformed;
            phase_ = phase::chunk_size;
        } else if (line_.empty()) {
            return finish(bytes);
        } else {
            line_.clear();  // a trailer
        }
    }
    return state::more;
}

}  // namespace qtable::loadtest
