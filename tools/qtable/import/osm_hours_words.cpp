#include "tools/qtable/import/osm_hours_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace qtable::tools {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) noexcept {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view known) { return equals_ignoring_case(word, known); });
}

constexpr std::array<std::pair<std::string_view, int>, 46> weekdays = {{
    {"Mo", 0},         {"Mon", 0},       {"Monday", 0},    {"Montag", 0},   {"Tu", 1},       {"Tue", 1},
    {"Tues", 1},       {"Tuesday", 1},   {"Di", 1},        {"Die", 1},      {"Dienstag", 1}, {"We", 2},
    {"Wed", 2},        {"Wednesday", 2}, {"Mi", 2},        {"Mit", 2},      {"Mittwoch", 2}, {"Th", 3},
    {"Thu", 3},        {"Thur", 3},      {"Thurs", 3},     {"Thursday", 3}, {"Do", 3},       {"Don", 3},
    {"Donnerstag", 3}, {"Fr", 4},        {"Fri", 4},       {"Friday", 4},   {"Fre", 4},      {"Freitag", 4},
    {"Sa", 5},         {"Sat", 5},       {"Saturday", 5},  {"Sam", 5},      {"Samstag", 5},  {"Sonnabend", 5},
    {"Su", 6},         {"Sun", 6},       {"Sunday", 6},    {"So", 6},       {"Son", 6},      {"Sonntag", 6},
    {"Mondays", 0},    {"Fridays", 4},   {"Saturdays", 5}, {"Sundays", 6},
}};

constexpr std::array<std::string_view, 30> months = {
    "Jan",   "Feb",  "Mar",  "Apr",    "May",       "Jun",     "Jul",      "Aug",
    "Sep",   "Sept", "Oct",  "Nov",    "Dec",       "January", "February", "March",
    "April", "June", "July", "August", "September", "October", "November", "December",
    "Mai",   "Okt",  "Dez",  "Januar", "Dezember",  "Oktober"};
constexpr std::array<std::string_view, 2> weeks = {"week", "weeks"};
constexpr std::array<std::string_view, 6> sun_words = {"sunrise", "sunset",   "dawn",
                                                       "dusk",    "daylight", "daytime"};
constexpr std::array<std::string_view, 6> season_words = {"summer", "winter", "spring",
                                                          "autumn", "season", "seasonal"};
constexpr std::array<std::string_view, 5> closed_words = {"off", "closed", "geschlossen", "ruhetag",
                                                          "lukket"};
constexpr std::array<std::string_view, 2> holiday_words = {"PH", "SH"};

// Dashes and blanks outside of ASCII that people's keyboards put in.
constexpr std::array<std::string_view, 6> dashes = {"\u2010", "\u2011", "\u2012",
                                                    "\u2013", "\u2014", "\u2212"};
constexpr std::array<std::string_view, 4> blanks = {"\u00a0", "\u202f", "\u2009", "\u200b"};

template <std::size_t N>
std::size_t prefix_length(std::string_view text, const std::array<std::string_view, N>& known) noexcept {
    for (const std::string_view candidate : known) {
        if (text.starts_with(candidate)) return candidate.size();
    }
    return 0;
}

// The token that `rest` begins with and how many bytes it takes.
std::pair<hours_token, std::size_t> first_token(std::string_view rest) {
    std::size_t length = 1;
    if (is_digit(rest[0]) || is_letter(rest[0])) {
        const bool number = is_digit(rest[0]);
        while (length < rest.size() && (number ? is_digit(rest[length]) : is_letter(rest[length]))) ++length;
        const hours_token_kind kind = number ? hours_token_kind::number : hours_token_kind::word;
        return {{kind, rest.substr(0, length), 0, 0}, length};
    }
    if (rest[0] == '"') {
        const std::size_t closing = rest.find('"', 1);
        if (closing != std::string_view::npos) {
            return {{hours_token_kind::comment, rest.substr(1, closing - 1), 0, 0}, closing + 1};
        }
    }
    if (const std::size_t dash = prefix_length(rest, dashes); dash > 0) {
        return {{hours_token_kind::sign, rest.substr(0, dash), '-', 0}, dash};
    }
    while (length < rest.size() && (static_cast<unsigned char>(rest[length]) & 0xc0U) == 0x80U) ++length;
    return {{hours_token_kind::sign, rest.substr(0, length), rest[0], 0}, length};
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::vector<hours_token> cut_hours_text(std::string_view text) {
    std::vector<hours_token> tokens;
    std::size_t offset = 0;
    while (offset < text.size()) {
        const std::string_view rest = text.substr(offset);
        if (rest[0] == ' ' || (rest[0] >= '\t' && rest[0] <= '\r')) {
            ++offset;
            continue;
        }
        if (const std::size_t blank = prefix_length(rest, blanks); blank > 0) {
            offset += blank;
            continue;
        }
        auto [token, length] = first_token(rest);
        token.offset = offset;
        tokens.push_back(token);
        offset += length;
    }
    tokens.push_back({hours_token_kind::end, {}, 0, text.size()});
    return tokens;
}

std::optional<int> weekday_of(std::string_view word) noexcept {
    for (const auto& [name, weekday] : weekdays) {
        if (equals_ignoring_case(word, name)) return weekday;
    }
    return std::nullopt;
}

bool is_holiday_word(std::string_view word) noexcept {
    return is_one_of(word, holiday_words);
}
bool is_closed_word(std::string_view word) noexcept {
    return is_one_of(word, closed_words);
}

std::string_view restriction_of(std::string_view word) noexcept {
    if (is_one_of(word, months)) return "depends on the month or date";
    if (equals_ignoring_case(word, "easter")) return "depends on the date of Easter";
    if (is_one_of(word, weeks)) return "depends on the week of the year";
    if (is_one_of(word, sun_words)) return "depends on the sun";
    if (is_one_of(word, season_words)) return "depends on the season";
    return {};
}

}  // namespace qtable::tools
