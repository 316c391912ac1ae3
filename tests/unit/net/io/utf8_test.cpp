#include "net/io/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace qtable::net {
namespace utf8_test {

const std::vector<std::string> valid{"",
                                     "plain ascii, longer than eight bytes",
                                     "\xc2\x80",
                                     "\xdf\xbf",
                                     "\xe0\xa0\x80",
                                     "\xed\x9f\xbf",
                                     "\xee\x80\x80",
                                     "\xef\xbf\xbf",
                                     "\xf0\x90\x80\x80",
                                     "\xf4\x8f\xbf\xbf",
                                     "Sm\xc3\xb8rrebr\xc3\xb8"
                                     "d \xf0\x9f\x8d\xbd at seven"};
const std::vector<std::string> invalid{"\x80",
                                       "\xbf",
                                       "\xc0\x80",
                                       "\xc1\xbf",
                                       "\xc2",
                                       "\xc2\x41",
                                       "\xe0\x9f\xbf",
                                       "\xe0\xa0",
                                       "\xed\xa0\x80",
                                       "\xed\xbf\xbf",
                                       "\xf0\x8f\xbf\xbf",
                                       "\xf4\x90\x80\x80",
                                       "\xf5\x80\x80\x80",
                                       "\xff",
                                       "eight by\xf0\x9f\x8d"};

TEST(utf8, tells_valid_from_invalid) {
    for (const std::string& each : valid) EXPECT_TRUE(is_utf8(each)) << each;
    for (const std::string& each : invalid) EXPECT_FALSE(is_utf8(each)) << each;
}

TEST(utf8, gives_the_same_answer_however_it_is_cut) {
    const auto check = [](const std::string& text, bool expected) {
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            utf8_checker checker;
            const bool got = checker.feed(std::string_view(text).substr(0, cut)) &&
                             checker.feed(std::string_view(text).substr(cut)) && checker.is_complete();
            EXPECT_EQ(got, expected) << text << " cut at " << cut;
        }
    };
    for (const std::string& each : valid) check(each, true);
    for (const std::string& each : invalid) check(each, false);
}

TEST(utf8, knows_when_it_stopped_inside_a_character) {
    utf8_checker checker;
    EXPECT_TRUE(checker.feed("\xf0\x9f"));
    EXPECT_FALSE(checker.is_complete());
    checker.reset();
    EXPECT_TRUE(checker.feed("a"));
    EXPECT_TRUE(checker.is_complete());
}

}  // namespace utf8_test
}  // namespace qtable::net
