#include "proto/text_rules.hpp"

#include <algorithm>
#include <cstdint>

#include "core/base/limits.hpp"
#include "core/model/hours.hpp"

namespace qtable::proto {

namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::uint8_t byte_of(char c) noexcept {
    return static_cast<std::uint8_t>(c);
}

constexpr bool is_beyond_ascii(char c) noexcept {
    return byte_of(c) >= 0x80;
}

// The bytes of the UTF-8 sequence at `at`, 0 when it isn't one (RFC 3629, table of section 4).
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
    const auto follows = [&](std::size_t offset, std::uint8_t low, std::uint8_t high) {
        if (at + offset >= text.size()) return false;
        const std::uint8_t value = byte_of(text[at + offset]);
        return value >= low && value <= high;
    };
    const std::uint8_t lead = byte_of(text[at]);
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    if (lead < 0xE0) return follows(1, 0x80, 0xBF) ? 2 : 0;
    if (lead < 0xF0) {
        const std::uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
        const std::uint8_t high = lead == 0xED ? 0x9F : 0xBF;
        return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
    }
    const std::uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
}

// A label of a domain: letters, digits, hyphens inside; anything beyond ASCII is left to the name system.
bool is_domain_label(std::string_view label) noexcept {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '-' || is_beyond_ascii(c); });
}

// Labels with dots between them.
bool is_domain(std::string_view domain, std::size_t min_labels) noexcept {
    for (std::size_t labels = 1;; ++labels) {
        const std::size_t dot = domain.find('.');
        if (!is_domain_label(domain.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return labels >= min_labels;
        domain.remove_prefix(dot + 1);
    }
}

constexpr bool is_local_character(char c) noexcept {
    constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~.";
    return is_letter(c) || is_digit(c) || is_beyond_ascii(c) || others.find(c) != std::string_view::npos;
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::size_t count_code_points(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (byte_of(c) & 0xC0U) != 0x80U; }));
}

bool has_forbidden_character(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::uint8_t first = byte_of(text[at]);
        if (first < 0x20 || first == 0x7F) return true;
        if (first == 0xC2 && at + 1 < text.size() && byte_of(text[at + 1]) < 0xA0) return true;
        if (first != 0xE2 || at + 2 >= text.size()) continue;
        const std::uint8_t second = byte_of(text[at + 1]), third = byte_of(text[at + 2]);
        if (second == 0x80 && third >= 0xAA && third <= 0xAE) return true;
        if (second == 0x81 && third >= 0xA6 && third <= 0xA9) return true;
    }
    return false;
}

bool is_email(std::string_view text) noexcept {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || text.size() > limits::email_chars) return false;
    const std::string_view local = text.substr(0, at), domain = text.substr(at + 1);
    if (local.empty() || local.size() > 64 || local.front() == '.' || local.back() == '.') return false;
    if (local.find("..") != std::string_view::npos) return false;
    return std::all_of(local.begin(), local.end(), is_local_character) && is_domain(domain, 2);
}

bool is_phone(std::string_view text) noexcept {
    constexpr std::string_view others = " +-()./";
    if (text.size() < 3 || text.size() > limits::phone_chars) return false;
    const bool has_only_these = std::all_of(text.begin(), text.end(), [&](char c) {
        return is_digit(c) || others.find(c) != std::string_view::npos;
    });
    return has_only_these && std::count_if(text.begin(), text.end(), is_digit) >= 3;
}

bool is_url(std::string_view text) noexcept {
    constexpr std::string_view schemes[] = {"http://", "https://"};
    for (const std::string_view scheme : schemes) {
        if (lower_ascii(text.substr(0, scheme.size())) != scheme) continue;
        const std::string_view rest = text.substr(scheme.size());
        if (rest.find_first_of(" \"<>\\^`{|}") != std::string_view::npos) return false;
        std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
        const std::size_t colon = authority.find(':');
        if (colon != std::string_view::npos) {
            const std::string_view port = authority.substr(colon + 1);
            if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit))
                return false;
            authority = authority.substr(0, colon);
        }
        return is_domain(authority, 1);
    }
    return false;
}

bool is_not_blank(std::string_view text) noexcept {
    return text.find_first_not_of(' ') != std::string_view::npos;
}

bool is_price_range(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 4 && text.find_first_not_of('$') == std::string_view::npos;
}

bool is_day_hours(std::string_view text) noexcept {
    return parse_day_hours(text).has_value();
}

std::string lower_ascii(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

std::string text_error(std::string_view text, const text_rule& rule) {
    if (!is_valid_utf8(text)) return "must be valid UTF-8";
    if (has_forbidden_character(text)) return "must not contain control or text-direction characters";
    const std::size_t chars = count_code_points(text);
    if (chars > rule.max_chars) return "must have at most " + std::to_string(rule.max_chars) + " characters";
    if (chars < rule.min_chars) {
        if (rule.min_chars == 1) return "must not be empty";
        return "must have at least " + std::to_string(rule.min_chars) + " characters";
    }
    const bool has_syntax = rule.is_valid != nullptr && !text.empty();
    if (has_syntax && !rule.is_valid(text)) return std::string(rule.expected);
    return {};
}

}  // namespace qtable::proto
