#include "geo/text.hpp"

#include <gtest/gtest.h>

namespace qtable::geo {
namespace text_test {

std::string folded(std::string_view text) {
    std::string result = "left over";
    fold(text, result);
    return result;
}

TEST(fold, lowers_ascii_latin_1_and_latin_extended_a) {
    EXPECT_EQ(folded("The GOLDEN Fork 24/7"), "the golden fork 24/7");
    EXPECT_EQ(folded("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ"), "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ");
    EXPECT_EQ(folded("ĀĂĄĆČĎĐĒĘĚĞĢĶ"), "āăąćčďđēęěğģķ");
    EXPECT_EQ(folded("ĹĻĽŁŃŅŇ"), "ĺļľłńņň");
    EXPECT_EQ(folded("ŊŌŐŒŔŘŚŞŠŢŤŮŰŲŴŶ"), "ŋōőœŕřśşšţťůűųŵŷ");
    EXPECT_EQ(folded("ŸŹŻŽ"), "ÿźżž");
    EXPECT_EQ(folded("İ"), "i");
}

TEST(fold, leaves_the_rest_alone) {
    for (const std::string_view text : {"", "ıĸŉſß×÷", "寿司 Ωmega Ж", "\xC3", "\xC3(", "\xFF\x80"}) {
        EXPECT_EQ(folded(text), text);
    }
    std::string twice;
    fold(folded("ÉŸŁ"), twice);
    EXPECT_EQ(twice, "éÿł");
}

TEST(cuisine, is_any_of_a_list_or_all_of_it) {
    for (const std::string_view wanted :
         {"italian", "pizza", "sea food", "italian; pizza,sea food", " pizza "}) {
        EXPECT_TRUE(has_cuisine("italian; pizza,sea food", wanted)) << wanted;
        const auto bits = cuisine_mask(wanted);
        EXPECT_EQ(cuisine_mask(wanted) & bits, bits);
    }
    for (const std::string_view other : {"ital", "food", "thai", ";", "pizza,sea"}) {
        EXPECT_FALSE(has_cuisine("italian; pizza,sea food", other)) << other;
    }
    EXPECT_FALSE(has_cuisine("", "thai"));
}

TEST(cuisine, mask_never_hides_a_member) {
    const auto list = cuisine_mask("italian; pizza,sea food");
    for (const std::string_view member : {"italian", "pizza", "sea food"}) {
        const auto bits = cuisine_mask(member);
        EXPECT_EQ(list & bits, bits) << member;
    }
}

}  // namespace text_test
}  // namespace qtable::geo
