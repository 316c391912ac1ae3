// The words and signs of `opening_hours`: the text cut into tokens, weekdays as people abbreviate them, and
// the words that tie hours to more than the weekday. Used by osm_hours.cpp only. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace qtable::tools {

enum class hours_token_kind { word, number, comment, sign, end };

struct hours_token {
    hours_token_kind kind = hours_token_kind::end;
    std::string_view text;   // of a comment: what stands between the quotes
    char sign = 0;           // every dash is '-'
    std::size_t offset = 0;  // into the whole text
};

// Ends with a token of kind `end`. A comment that is not closed comes out as the sign '"', other bytes as
// themselves.
std::vector<hours_token> cut_hours_text(std::string_view text);

// 0 = Monday: Mo, Mon, Monday, and the German ones.
std::optional<int> weekday_of(std::string_view word) noexcept;
bool is_holiday_word(std::string_view word) noexcept;
bool is_closed_word(std::string_view word) noexcept;

// Why hours with this word are no weekly pattern; empty for every other word.
std::string_view restriction_of(std::string_view word) noexcept;

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace qtable::tools
