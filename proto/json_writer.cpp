#include "proto/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "core/base/assert.hpp"

namespace qtable::proto {

namespace {

// For each byte: 0 = stands for itself, 'u' = \u00XX, else the letter of its short escape.
constexpr std::array<char, 256> make_escapes() {
    std::array<char, 256> escapes{};
    for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
    escapes['\b'] = 'b';
    escapes['\t'] = 't';
    escapes['\n'] = 'n';
    escapes['\f'] = 'f';
    escapes['\r'] = 'r';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    return escapes;
}

constexpr std::array<char, 256> escapes = make_escapes();
constexpr char hex_digits[] = "0123456789abcdef";

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const char escape = escapes[byte];
        if (escape == 0) continue;
        out.append(text, from, at - from);
        from = at + 1;
        out += '\\';
        out += escape;
        if (escape == 'u') {
            out += "00";
            out += hex_digits[byte >> 4U];
            out += hex_digits[byte & 15U];
        }
    }
    out.append(text, from, text.size() - from);
    out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

json_writer& json_writer::open(char bracket) {
    before_value();
    out_ += bracket;
    comma_ = false;
    return *this;
}

json_writer& json_writer::close(char bracket) {
    out_ += bracket;
    comma_ = true;
    return *this;
}

json_writer& json_writer::key(std::string_view name) {
    before_value();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    comma_ = false;
    return *this;
}

json_writer& json_writer::text(std::string_view value) {
    before_value();
    append_json_string(out_, value);
    return *this;
}

json_writer& json_writer::integer(std::int64_t value) {
    before_value();
    append_integer(out_, value);
    return *this;
}

json_writer& json_writer::boolean(bool value) {
    return raw(value ? "true" : "false");
}

json_writer& json_writer::null() {
    return raw("null");
}

json_writer& json_writer::number(double value) {
    QTABLE_ASSERT(std::isfinite(value));
    before_value();
    char digits[32];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value == 0 ? 0.0 : value).ptr);
    return *this;
}

json_writer& json_writer::decimals3(double value) {
    QTABLE_ASSERT(std::isfinite(value) && std::fabs(value) < 1e15);
    before_value();
    const std::int64_t thousandths = std::llround(value * 1000);
    const std::int64_t magnitude = thousandths < 0 ? -thousandths : thousandths;
    char digits[32];
    char* at = digits;
    if (thousandths < 0) *at++ = '-';
    at = std::to_chars(at, digits + sizeof digits, magnitude / 1000).ptr;
    *at++ = '.';
    *at++ = static_cast<char>('0' + magnitude / 100 % 10);
    *at++ = static_cast<char>('0' + magnitude / 10 % 10);
    *at++ = static_cast<char>('0' + magnitude % 10);
    out_.append(digits, at);
    return *this;
}

json_writer& json_writer::id(const uuid& value) {
    before_value();
    char quoted[38];
    quoted[0] = '"';
    *format_uuid(value, quoted + 1) = '"';
    out_.append(quoted, sizeof quoted);
    return *this;
}

json_writer& json_writer::day(date value) {
    before_value();
    char quoted[12];
    quoted[0] = '"';
    *format_date(value, quoted + 1) = '"';
    out_.append(quoted, sizeof quoted);
    return *this;
}

json_writer& json_writer::wall_time(int minute) {
    before_value();
    char quoted[7];
    quoted[0] = '"';
    *format_time_of_day(minute, quoted + 1) = '"';
    out_.append(quoted, sizeof quoted);
    return *this;
}

json_writer& json_writer::utc(instant value) {
    before_value();
    char quoted[32];
    quoted[0] = '"';
    char* end = format_rfc3339_utc_ms(value, quoted + 1);
    *end++ = '"';
    out_.append(quoted, end);
    return *this;
}

json_writer& json_writer::local(instant value, int offset_s) {
    before_value();
    char quoted[32];
    quoted[0] = '"';
    char* end = format_rfc3339(value, offset_s, quoted + 1);
    *end++ = '"';
    out_.append(quoted, end);
    return *this;
}

json_writer& json_writer::raw(std::string_view json) {
    before_value();
    out_ += json;
    return *this;
}

}  // namespace qtable::proto
