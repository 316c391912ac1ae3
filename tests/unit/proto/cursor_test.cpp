#include "proto/cursor.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "core/base/instant_bounds.hpp"
#include "proto/base64url.hpp"

namespace qtable::proto {
namespace cursor_test {

std::string encoded(std::string_view text) {
    std::string out;
    append_base64url(out, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    return out;
}

std::optional<std::string> decoded(std::string_view text) {
    std::vector<std::uint8_t> bytes(64);
    const auto size = decode_base64url(text, bytes);
    if (!size) return std::nullopt;
    return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*size));
}

TEST(base64url, both_ways) {
    // RFC 4648, section 10, without padding; then the two characters that differ.
    const std::pair<std::string_view, std::string_view> pairs[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
    for (const auto& [plain, text] : pairs) {
        EXPECT_EQ(encoded(plain), text);
        EXPECT_EQ(decoded(text), plain);
    }
}

TEST(base64url, one_spelling_only) {
    for (const char* bad : {"Z", "Zg==", "Zh", "Zm9", "Zm8=", "Zm9v\n", "Zm 9v", "+/8", "Zg.", "Zm9vY"}) {
        EXPECT_FALSE(decoded(bad)) << bad;
    }
}

TEST(base64url, does_not_write_beyond_its_output) {
    std::uint8_t three[3];
    EXPECT_EQ(decode_base64url("Zm9v", three), 3U);
    EXPECT_FALSE(decode_base64url("Zm9vYg", three));
}

const uuid some_id = *parse_uuid("0190a5c0-0000-7000-8000-00000000000a");

std::string encoded(const distance_cursor& value) {
    std::string text;
    append_cursor(text, value);
    return text;
}

TEST(cursor, come_back_as_they_were) {
    for (const double distance : {0.0, 0.1 + 0.2, 20015.1}) {
        const auto back = decode_distance_cursor(encoded({distance, some_id}));
        ASSERT_TRUE(back);
        EXPECT_EQ(back->distance, distance);
        EXPECT_EQ(back->id, some_id);
    }
    for (const std::int64_t ms : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'795'000'000'123}}) {
        const auto back = decode_instant_cursor(encode_cursor(instant_cursor{{ms}, some_id}));
        ASSERT_TRUE(back);
        EXPECT_EQ(back->at.ms, ms);
        EXPECT_EQ(back->id, some_id);
    }
}

TEST(cursor, others_are_refused) {
    const std::string distance = encoded({1.5, some_id});
    const std::string at = encode_cursor(instant_cursor{{5}, some_id});
    EXPECT_FALSE(decode_distance_cursor(at));
    EXPECT_FALSE(decode_instant_cursor(distance));
    for (const std::string& bad : {std::string(), std::string("x"), distance + "A", distance.substr(1),
                                   distance.substr(0, distance.size() - 1) + "_", "B" + distance.substr(1),
                                   std::string(10'000, 'A')}) {
        EXPECT_FALSE(decode_distance_cursor(bad)) << bad;
        EXPECT_FALSE(decode_instant_cursor(bad)) << bad;
    }
    const double infinity = std::numeric_limits<double>::infinity();
    EXPECT_FALSE(decode_distance_cursor(encoded({infinity, some_id})));
    EXPECT_FALSE(decode_distance_cursor(encoded({-1, some_id})));
}

TEST(cursor, only_moments_that_can_be_written_are_taken) {
    for (const instant good : {earliest_instant, instant{-1}, latest_instant})
        EXPECT_TRUE(decode_instant_cursor(encode_cursor(instant_cursor{good, some_id}))) << good.ms;
    for (const instant bad :
         {earliest_instant.plus_ms(-1), latest_instant.plus_ms(1), instant{INT64_MAX}, instant{INT64_MIN}})
        EXPECT_FALSE(decode_instant_cursor(encode_cursor(instant_cursor{bad, some_id}))) << bad.ms;
}

}  // namespace cursor_test
}  // namespace qtable::proto
