// Folding of names and cuisines for comparison without regard to case. Pure functions, any core.
// Lower-cases ASCII, Latin-1 and Latin Extended-A (U+0000–U+017F) in UTF-8; every other byte stays as it is.
// Accents stay too (é is not e), and composed and decomposed forms differ.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qtable::geo {

// Replaces `folded`; its capacity is reused.
void fold(std::string_view text, std::string& folded);

// A cuisine is one word or several separated by ';' or ','. Both take folded text.
// One bit of 64 for each cuisine in the list and one for the whole list: a missing bit proves that it isn't
// there.
std::uint64_t cuisine_mask(std::string_view folded_list) noexcept;
// True when `folded_cuisine` is one of the list, or all of it.
bool has_cuisine(std::string_view folded_list, std::string_view folded_cuisine) noexcept;

}  // namespace qtable::geo
