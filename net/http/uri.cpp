#include "net/http/uri.hpp"

#include <cstddef>

#include "net/io/utf8.hpp"

namespace qtable::net {
namespace {

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Calls `take(char)` for every decoded byte; false at a bad escape, an encoded NUL, or what isn't UTF-8.
template <class Take>
bool decode(std::string_view raw, Take take) {
    utf8_checker checker;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        char c = raw[i];
        if (c == '%') {
            const int byte = i + 2 < raw.size() ? parse_escape(raw[i + 1], raw[i + 2]) : -1;
            if (byte <= 0) return false;
            c = static_cast<char>(byte);
            i += 2;
        }
        if (!checker.feed({&c, 1})) return false;
        take(c);
    }
    return checker.is_complete();
}

}  // namespace

int parse_escape(char high, char low) noexcept {
    const int one = hex_digit(high), other = hex_digit(low);
    return one < 0 || other < 0 ? -1 : one * 16 + other;
}

bool decode_path(std::string_view raw, std::string& scratch, std::string_view& out) {
    if (raw.find('%') == std::string_view::npos) {
        out = raw;  // the head scan let only ASCII through
        return true;
    }
    scratch.clear();
    if (!decode(raw, [&](char c) { scratch.push_back(c); })) return false;
    out = scratch;
    return true;
}

bool is_valid_query(std::string_view raw) noexcept {
    return raw.find('%') == std::string_view::npos || decode(raw, [](char) {});
}

}  // namespace qtable::net
