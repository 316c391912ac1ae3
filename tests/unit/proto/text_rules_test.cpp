#include "proto/text_rules.hpp"

#include <gtest/gtest.h>

namespace qtable::proto {
namespace text_rules_test {

TEST(text_rules, utf8) {
    EXPECT_TRUE(is_valid_utf8("abc åß 寿司 😀"));
    EXPECT_TRUE(is_valid_utf8("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"));
    for (const char* bad : {"\x80", "\xC0\x80", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xE2\x82z"}) {
        EXPECT_FALSE(is_valid_utf8(bad));
    }
    EXPECT_EQ(count_code_points("aå寿😀"), 4U);
}

TEST(text_rules, emails) {
    for (const char* good : {"a@b.co", "first.last+tag@sub.example.com", "o'brien@example.ie",
                             "jörg@bücher.example", "x_y-z@example-1.travel"}) {
        EXPECT_TRUE(is_email(good)) << good;
    }
    for (const char* bad :
         {"",         "a",       "@",        "a@",       "@b.co",    "a@b",       "a@@b.co", "a@b@c.co",
          "a b@c.co", "a@b .co", "a@.co",    "a@b.",     "a@b..co",  ".a@b.co",   "a.@b.co", "a..b@c.co",
          "a@-b.co",  "a@b-.co", "a@b_c.co", "a,b@c.co", "<a@b.co>", "\"a\"@b.co"}) {
        EXPECT_FALSE(is_email(bad)) << bad;
    }
    const std::string label(63, 'x');
    EXPECT_TRUE(is_email("a@" + label + "." + label + "." + label + ".co"));
    EXPECT_FALSE(is_email("a@" + label + "x.co"));
    EXPECT_FALSE(is_email("a@" + label + "." + label + "." + label + "." + label + ".co"));
    EXPECT_FALSE(is_email(std::string(65, 'a') + "@b.co"));
    EXPECT_EQ(lower_ascii("Jörg.ÅSE@Example.COM"), "jörg.Åse@example.com");
}

TEST(text_rules, phones) {
    for (const char* good : {"112", "+45 33 12 34 56", "(555) 123-4567", "555.123.4567/89"}) {
        EXPECT_TRUE(is_phone(good)) << good;
    }
    for (const char* bad :
         {"", "12", "+--()", "abc1234", "+45 33 12 34 56 ext 9", "1234567890123456789012345678901234"}) {
        EXPECT_FALSE(is_phone(bad)) << bad;
    }
}

TEST(text_rules, urls) {
    for (const char* good :
         {"http://a.dk", "https://example.com/menu?x=1#y", "HTTPS://example.com:8443/", "http://localhost"}) {
        EXPECT_TRUE(is_url(good)) << good;
    }
    for (const char* bad :
         {"", "example.com", "ftp://example.com", "javascript:alert(1)", "http://", "https:///x",
          "http://a b.dk", "http://a.dk/\"x", "http://a.dk:port/", "http://user@a.dk", "http://a..dk"}) {
        EXPECT_FALSE(is_url(bad)) << bad;
    }
}

TEST(text_rules, price_ranges) {
    for (const char* good : {"$", "$$", "$$$", "$$$$"}) EXPECT_TRUE(is_price_range(good));
    for (const char* bad : {"", "$$$$$", "2", "$ $", "€"}) EXPECT_FALSE(is_price_range(bad));
}

TEST(text_rules, an_empty_text_that_is_allowed_needs_no_syntax) {
    EXPECT_EQ(text_error("", {0, 32, is_phone, "phone"}), "");
    EXPECT_EQ(text_error("x", {0, 32, is_phone, "phone"}), "phone");
    EXPECT_EQ(text_error("   ", {1, 32, is_not_blank, "blank"}), "blank");
}

}  // namespace text_rules_test
}  // namespace qtable::proto
