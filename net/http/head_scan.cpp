#include "net/http/head_scan.hpp"

#include <array>
#include <cstring>

#include "core/base/limits.hpp"

namespace qtable::net {
namespace {

using answer = std::optional<refusal>;

constexpr auto make_token_table() {
    std::array<bool, 256> table{};
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
    for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = table[c + 32] = true;
    for (const char c : {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'})
        table[static_cast<unsigned char>(c)] = true;
    return table;
}
constexpr auto is_token_char = make_token_table();

// How many characters of a token `text` begins with.
std::size_t token_size(std::string_view text) noexcept {
    std::size_t size = 0;
    while (size < text.size() && is_token_char[static_cast<unsigned char>(text[size])]) ++size;
    return size;
}

// Visible ASCII but for some characters.
constexpr auto make_table_without(std::string_view refused) {
    std::array<bool, 256> table{};
    for (unsigned c = 0x21; c < 0x7f; ++c) table[c] = true;
    for (const char c : refused) table[static_cast<unsigned char>(c)] = false;
    return table;
}
constexpr auto is_target_char = make_table_without("#");
constexpr auto is_host_char = make_table_without("/?#@\\\"<>,");

bool consists_of(const std::array<bool, 256>& allowed, std::string_view text) noexcept {
    bool all = true;
    for (const char c : text) all &= allowed[static_cast<unsigned char>(c)];
    return all;
}

// Eight bytes at a time: the high bit of each byte of the result is set where the rule holds, and sometimes
// where it doesn't; no bit means that it holds nowhere (Bit Twiddling Hacks, "Determine if a word has a byte
// less than n").
constexpr std::uint64_t ones = 0x0101010101010101ULL, highs = 0x8080808080808080ULL;
constexpr std::uint64_t has_below(std::uint64_t word, std::uint64_t n) noexcept {
    return (word - ones * n) & ~word & highs;
}
constexpr std::uint64_t has_byte(std::uint64_t word, std::uint64_t value) noexcept {
    const std::uint64_t other = word ^ (ones * value);
    return (other - ones) & ~other & highs;
}

// As `is_target_char` has it.
bool is_target(std::string_view text) noexcept {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        if ((has_below(word, 0x21) | has_byte(word, 0x7f) | has_byte(word, '#') | (word & highs)) != 0) break;
    }
    return consists_of(is_target_char, text.substr(at));
}

// Visible characters, blanks and tabs, and bytes from 0x80 on: no control characters, no DEL.
bool is_field_value(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::uint64_t word = 0; end - at >= 8; at += 8) {
        std::memcpy(&word, at, 8);
        if ((has_below(word, 0x20) | has_byte(word, 0x7f)) != 0) break;  // settled the slow way
    }
    for (; at != end; ++at) {
        const auto c = static_cast<unsigned char>(*at);
        if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

answer refuse(int status, errc code, std::string_view detail) noexcept {
    return refusal{status, code, detail};
}
answer malformed(std::string_view detail) noexcept {
    return refuse(400, errc::malformed_request, detail);
}

// origin-form, absolute-form or `*`; an absolute one is taken by its path, as if it had come in origin-form.
answer split_target(request_head& out) noexcept {
    std::string_view target = out.target;
    if (target == "*") {
        if (out.method != method::options) return malformed("the target * is for OPTIONS only");
        out.raw_path = target;
        return {};
    }
    if (target.front() != '/') {
        const std::size_t scheme = target.find("://");
        if (scheme == std::string_view::npos || !(equals_ignoring_case(target.substr(0, scheme), "http") ||
                                                  equals_ignoring_case(target.substr(0, scheme), "https")))
            return malformed("the target is neither a path nor an http URL");
        target.remove_prefix(scheme + 3);
        const std::size_t authority = target.find_first_of("/?");
        if (authority == 0 || target.empty()) return malformed("the target names no host");
        target = authority == std::string_view::npos ? std::string_view() : target.substr(authority);
    }
    const std::size_t question = target.find('?');
    out.raw_path = target.substr(0, question);
    if (out.raw_path.empty()) out.raw_path = "/";
    if (question != std::string_view::npos) out.raw_query = target.substr(question + 1);
    return {};
}

answer scan_version(std::string_view version, request_head& out) noexcept {
    if (version == "HTTP/1.1") return {};
    if (version == "HTTP/1.0") {
        out.minor_version = 0;
        return {};
    }
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
        is_digit(version[7]))
        return refuse(505, errc::http_version, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    return malformed("the request line doesn't end in an HTTP version");
}

answer scan_field_line(std::string_view line, field_list& fields) noexcept {
    if (line.front() == ' ' || line.front() == '\t') return malformed("a header line is folded");
    const std::size_t colon = token_size(line);
    if (colon == 0 || colon == line.size() || line[colon] != ':')
        return malformed("a header line is no token and a colon");
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!is_field_value(value)) return malformed("a header's value holds a control character");
    if (!fields.add(line.substr(0, colon), value))
        return refuse(431, errc::headers_too_large, "there are too many header fields");
    return {};
}

answer check_host(const request_head& head, const field_list& fields) noexcept {
    const int count = fields.count(field::host);
    if (count > 1) return malformed("there is more than one Host");
    if (count == 0) return head.minor_version == 0 ? answer() : malformed("there is no Host");
    const std::string_view host = fields[field::host];
    if (host.empty()) return malformed("Host is empty");
    if (!consists_of(is_host_char, host)) return malformed("Host is no host");
    return {};
}

answer check_length(request_head& out, const field_list& fields) noexcept {
    if (!fields.has(field::content_length)) return {};
    if (fields.count(field::content_length) > 1) return malformed("there is more than one Content-Length");
    const std::string_view value = fields[field::content_length];
    if (value.empty() || value.size() > 18) return malformed("Content-Length is empty or too long");
    for (const char c : value) {
        if (c < '0' || c > '9') return malformed("Content-Length is no number");
        out.content_length = out.content_length * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return {};
}

answer check_framing(request_head& out, const field_list& fields) noexcept {
    if (answer bad = check_length(out, fields)) return bad;
    if (!fields.has(field::transfer_encoding)) return {};
    if (fields.has(field::content_length)) return malformed("Content-Length comes with Transfer-Encoding");
    if (out.minor_version == 0) return malformed("HTTP/1.0 has no Transfer-Encoding");
    if (fields.count(field::transfer_encoding) > 1 ||
        !equals_ignoring_case(fields[field::transfer_encoding], "chunked"))
        return refuse(501, errc::not_implemented, "only the transfer coding chunked is known here");
    out.is_chunked = true;
    return {};
}

answer check_connection(request_head& out, const field_list& fields) noexcept {
    out.is_keep_alive = out.minor_version == 1;
    if (fields.has(field::connection)) {
        bool is_close = false, is_keep_alive = out.is_keep_alive;
        fields.for_each_token(field::connection, [&](std::string_view token) {
            is_close |= equals_ignoring_case(token, "close");
            is_keep_alive |= equals_ignoring_case(token, "keep-alive");
        });
        out.is_keep_alive = is_keep_alive && !is_close;
    }
    if (!fields.has(field::expect) || out.minor_version == 0) return {};
    if (fields.count(field::expect) > 1 || !equals_ignoring_case(fields[field::expect], "100-continue"))
        return refuse(417, errc::malformed_request, "only 100-continue may be expected");
    out.expects_continue = true;
    return {};
}

}  // namespace

head_finder::outcome head_finder::refuse(int status, errc code, std::string_view detail) noexcept {
    why_ = {status, code, detail};
    return outcome::refused;
}

head_finder::outcome head_finder::find(std::string_view received) noexcept {
    while (looked_at_ < received.size()) {
        const void* const found =
            std::memchr(received.data() + looked_at_, '\n', received.size() - looked_at_);
        if (found == nullptr) {
            looked_at_ = received.size();
            break;
        }
        const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - received.data());
        if (at == line_start_ || received[at - 1] != '\r')
            return refuse(400, errc::malformed_request, "a line ends without CR");
        if (line_start_ == 0 && at + 1 > limits::request_line_bytes + 2)
            return refuse(414, errc::uri_too_long, "the request line is too long");
        const bool is_empty_line = at == line_start_ + 1;
        line_start_ = looked_at_ = at + 1;
        if (line_start_ > limits::header_bytes) break;
        if (is_empty_line) return outcome::complete;
    }
    if (line_start_ == 0 && received.size() > limits::request_line_bytes + 2)
        return refuse(414, errc::uri_too_long, "the request line is too long");
    if (looked_at_ > limits::header_bytes)
        return refuse(431, errc::headers_too_large, "the header block is too large");
    return outcome::incomplete;
}

std::optional<refusal> scan_request_line(std::string_view line, request_head& out) noexcept {
    out = {};
    const std::size_t first = line.find(' ');
    const std::size_t last = line.ends_with(" HTTP/1.1") ? line.size() - 9 : line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return malformed("the request line has no three parts");
    out.method_name = line.substr(0, first);
    out.target = line.substr(first + 1, last - first - 1);
    if (first == 0 || token_size(out.method_name) != first) return malformed("the method is no token");
    if (out.target.empty()) return malformed("the target is empty");
    if (!is_target(out.target)) return malformed("the target holds a character that it may not");
    if (answer bad = scan_version(line.substr(last + 1), out)) return bad;
    out.method = parse_method(out.method_name);
    if (out.method == method::unknown || out.method == method::connect)
        return refuse(501, errc::not_implemented, "this method is not known here");
    if (out.method == method::trace) return refuse(405, errc::method_not_allowed, "TRACE is not allowed");
    return split_target(out);
}

std::optional<refusal> scan_head(std::string_view head, request_head& out, field_list& fields) noexcept {
    const std::size_t line_end = head.find("\r\n");
    if (answer bad = scan_request_line(head.substr(0, line_end), out)) {
        fields.clear();
        return bad;
    }
    return scan_lines(head.substr(line_end + 2), out, fields);
}

std::optional<refusal> scan_lines(std::string_view lines, request_head& out, field_list& fields) noexcept {
    fields.clear();
    for (;;) {
        const void* const found = std::memchr(lines.data(), '\r', lines.size());
        const auto end = static_cast<std::size_t>(static_cast<const char*>(found) - lines.data());
        if (end == 0 && lines[1] == '\n') break;
        if (lines[end + 1] != '\n') return malformed("a header line holds a CR");
        if (answer bad = scan_field_line(lines.substr(0, end), fields)) return bad;
        lines.remove_prefix(end + 2);
    }
    if (answer bad = check_host(out, fields)) return bad;
    if (answer bad = check_framing(out, fields)) return bad;
    return check_connection(out, fields);
}

}  // namespace qtable::net
