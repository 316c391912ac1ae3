// What texts from outside may hold: valid UTF-8, no control and no bidirectional-override characters, at most
// so many code points; and the pragmatic syntax of e-mail addresses, telephone numbers and web addresses.
// Pure functions, any core, no allocation but for `lower_ascii`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace qtable::proto {

struct text_rule {
    std::size_t min_chars = 0;  // code points
    std::size_t max_chars = 0;
    bool (*is_valid)(std::string_view) noexcept = nullptr;  // syntax beyond that, of what isn't empty
    std::string_view expected = {};                         // the error of `is_valid`
};

bool is_valid_utf8(std::string_view text) noexcept;
// Of valid UTF-8.
std::size_t count_code_points(std::string_view text) noexcept;
// U+0000–001F, U+007F–009F, U+202A–202E, U+2066–2069. Of valid UTF-8.
bool has_forbidden_character(std::string_view text) noexcept;

// One `@`, a local part of 1–64 bytes and a domain of two labels or more; no blanks; at most 254 bytes.
bool is_email(std::string_view text) noexcept;
// 3–32 of digits, blanks and `+-()./`, with at least three digits. Empty is no number.
bool is_phone(std::string_view text) noexcept;
// http:// or https://, a host, no blanks.
bool is_url(std::string_view text) noexcept;
bool is_not_blank(std::string_view text) noexcept;
// "$" … "$$$$"
bool is_price_range(std::string_view text) noexcept;
bool is_day_hours(std::string_view text) noexcept;

// The form by which e-mail addresses are looked up and compared.
std::string lower_ascii(std::string_view text);

// "" when the text follows the rule, else what is wrong with it in words for a client.
std::string text_error(std::string_view text, const text_rule& rule);

}  // namespace qtable::proto
