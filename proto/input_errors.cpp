#include "proto/input_errors.hpp"

#include <stdexcept>
#include <utility>

#include "core/base/limits.hpp"

namespace qtable::proto {

namespace {

void append_token(std::string& out, std::string_view token) {
    for (const char c : token) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
}

void append_pointer(std::string& out, const json_path& path) {
    if (path.parent == nullptr) return;
    append_pointer(out, *path.parent);
    out += '/';
    if (path.key.data() != nullptr) {
        append_token(out, path.key);
    } else {
        out += std::to_string(path.index);
    }
}

// Not inside a code point.
void cut(std::string& text, std::size_t bytes) {
    if (text.size() <= bytes) return;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    text.resize(bytes);
}

}  // namespace

std::string json_path::pointer() const {
    std::string text;
    append_pointer(text, *this);
    cut(text, limits::error_pointer_bytes);
    return text;
}

void input_errors::add(const json_path& where, std::string_view detail) {
    const bool is_full = errors.size() == limits::input_errors_max;
    add(is_full ? std::string() : where.pointer(), detail);
}

void input_errors::add(std::string pointer, std::string_view detail) {
    if (code == errc::ok) code = errc::invalid_input;
    if (errors.size() == limits::input_errors_max) return;
    errors.push_back({std::move(pointer), std::string(detail)});
}

void throw_exception_from_error(const input_errors& errors, const boost::source_location&) {
    throw std::logic_error(std::string(wire_code(errors.code)));
}

}  // namespace qtable::proto
