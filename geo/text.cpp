#include "geo/text.hpp"

#include <cstddef>

namespace qtable::geo {
namespace {

constexpr std::string_view separators = ";,";

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// Of a code point in U+0080–U+017F. Latin Extended-A alternates upper and lower; which comes first changes
// twice.
unsigned lower(unsigned code) noexcept {
    if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 0x20;
    if (code == 0x130) return 'i';
    if (code == 0x178) return 0xFF;
    const bool upper_is_even = (code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177);
    const bool upper_is_odd = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E);
    if (upper_is_even) return code | 1U;
    if (upper_is_odd) return code + (code & 1U);
    return code;
}

std::uint64_t bit_of(std::string_view word) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
    for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return std::uint64_t{1} << (hash >> 58);
}

// Calls `visit(cuisine)` for each until it returns true; says whether one did.
template <class Visit>
bool any_cuisine(std::string_view list, Visit visit) noexcept {
    while (true) {
        const std::size_t end = list.find_first_of(separators);
        const std::string_view word = trimmed(list.substr(0, end));
        if (!word.empty() && visit(word)) return true;
        if (end == std::string_view::npos) return false;
        list.remove_prefix(end + 1);
    }
}

}  // namespace

void fold(std::string_view text, std::string& folded) {
    folded.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte >= 'A' && byte <= 'Z') {
            folded.push_back(static_cast<char>(byte + ('a' - 'A')));
        } else if (byte >= 0xC2 && byte <= 0xC5 && (next & 0xC0U) == 0x80U) {
            const unsigned code = lower(((byte & 0x1FU) << 6) | (next & 0x3FU));
            if (code >= 0x80) folded.push_back(static_cast<char>(0xC0U | (code >> 6)));
            folded.push_back(static_cast<char>(code >= 0x80 ? 0x80U | (code & 0x3FU) : code));
            ++i;
        } else {
            folded.push_back(text[i]);
        }
    }
}

std::uint64_t cuisine_mask(std::string_view folded_list) noexcept {
    std::uint64_t mask = bit_of(trimmed(folded_list));
    any_cuisine(folded_list, [&](std::string_view word) {
        mask |= bit_of(word);
        return false;
    });
    return mask;
}

bool has_cuisine(std::string_view folded_list, std::string_view folded_cuisine) noexcept {
    const std::string_view wanted = trimmed(folded_cuisine);
    if (trimmed(folded_list) == wanted) return true;
    return any_cuisine(folded_list, [&](std::string_view word) { return word == wanted; });
}

}  // namespace qtable::geo
