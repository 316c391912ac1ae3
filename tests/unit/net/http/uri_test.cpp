#include "net/http/uri.hpp"

#include <gtest/gtest.h>

#include <string>

#include "net/http/query.hpp"

namespace qtable::net {
namespace uri_test {

std::string decoded(std::string_view raw) {
    std::string scratch;
    std::string_view out;
    return decode_path(raw, scratch, out) ? std::string(out) : "refused";
}

TEST(decode_path, is_strict) {
    EXPECT_EQ(decoded("/plain"), "/plain");
    EXPECT_EQ(decoded("/a%20b%2f%C3%B8+"), "/a b/\xc3\xb8+");
    for (const char* bad : {"/%zz", "/%2", "/%", "/%00", "/a%00b", "/%c0%af", "/%ff", "/%ed%a0%80", "/%c3",
                            "/%c3%41", "/%f4%90%80%80", "/% 41", "/%+1"})
        EXPECT_EQ(decoded(bad), "refused") << bad;
}

TEST(query, is_checked_as_a_whole) {
    EXPECT_TRUE(is_valid_query(""));
    EXPECT_TRUE(is_valid_query("a=%C3%B8&b=%26"));
    for (const char* bad : {"a=%zz", "a=%", "a=%2", "%00", "a=%c3&b=%b8", "a=%c0%af"})
        EXPECT_FALSE(is_valid_query(bad)) << bad;
}

TEST(query, gives_decoded_pairs_in_order) {
    std::string seen;
    for (query_parameters each("lat=55.6&&q=caf%C3%A9+bar&flag&empty=&a%3Db=c%26d=e&lat=1"); each.next();)
        seen.append(each.name()).append(":").append(each.value()).append("|");
    EXPECT_EQ(seen, "lat:55.6|q:caf\xc3\xa9 bar|flag:|empty:|a=b:c&d=e|lat:1|");
    query_parameters none("");
    EXPECT_FALSE(none.next());
    query_parameters only_separators("&&&");
    EXPECT_FALSE(only_separators.next());
}

TEST(query, says_when_a_value_is_too_long) {
    std::string raw = "q=";
    for (std::size_t i = 0; i <= query_parameters::decoded_bytes; ++i) raw += "%41";
    raw += "&r=%42";
    query_parameters each(raw);
    ASSERT_TRUE(each.next());
    EXPECT_TRUE(each.is_too_long());
    ASSERT_TRUE(each.next());
    EXPECT_FALSE(each.is_too_long());
    EXPECT_EQ(each.value(), "B");
}

}  // namespace uri_test
}  // namespace qtable::net
