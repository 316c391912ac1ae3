#include "core/base/ids.hpp"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>

namespace qtable {
namespace ids_test {

constexpr std::string_view text = "0190a1b2-c3d4-7e5f-8061-728394a5b6c7";

TEST(Ids, ParsesAndFormatsTheSameText) {
    const auto value = parse_uuid(text);
    ASSERT_TRUE(value);
    EXPECT_EQ(to_string(*value), text);
    EXPECT_EQ(value->bytes[0], 0x01);
    EXPECT_EQ(value->bytes[15], 0xc7);
}

TEST(Ids, TakesUpperCaseAndWritesLowerCase) {
    const auto value = parse_uuid("0190A1B2-C3D4-7E5F-8061-728394A5B6C7");
    ASSERT_TRUE(value);
    EXPECT_EQ(to_string(*value), text);
}

TEST(Ids, RefusesEverythingElse) {
    for (const std::string_view wrong :
         {"", "0190a1b2", "0190a1b2-c3d4-7e5f-8061-728394a5b6c", "0190a1b2-c3d4-7e5f-8061-728394a5b6c70",
          "0190a1b2c3d4-7e5f-8061-728394a5b6c7-", "0190a1b2-c3d4-7e5f-8061-728394a5b6cg",
          "{190a1b2-c3d4-7e5f-8061-728394a5b6c7", "0190a1b2-c3d4-7e5f-8061+728394a5b6c7",
          " 190a1b2-c3d4-7e5f-8061-728394a5b6c7"}) {
        EXPECT_FALSE(parse_uuid(wrong)) << wrong;
    }
}

TEST(Ids, Version7HasTimeVersionAndVariant) {
    std::array<std::uint8_t, 10> random;
    random.fill(0xff);
    const uuid value = make_uuid_v7(0x0190a1b2c3d4, random);
    EXPECT_EQ(to_string(value), "0190a1b2-c3d4-7fff-bfff-ffffffffffff");
    random.fill(0);
    EXPECT_EQ(to_string(make_uuid_v7(0x0190a1b2c3d4, random)), "0190a1b2-c3d4-7000-8000-000000000000");
    EXPECT_LT(make_uuid_v7(1000, random), make_uuid_v7(1001, random)) << "ids sort by time";
}

TEST(Ids, NilAndHash) {
    EXPECT_TRUE(uuid{}.is_nil());
    EXPECT_FALSE(parse_uuid(text)->is_nil());
    std::set<std::uint64_t> hashes;
    for (std::uint8_t i = 0; i < 200; ++i)
        hashes.insert(make_uuid_v7(7, {i, 0, 0, 0, 0, 0, 0, 0, 0, i}).hash());
    EXPECT_EQ(hashes.size(), 200U);
}

TEST(Ids, KindsAreDistinctTypes) {
    static_assert(!std::is_convertible_v<table_id, guest_id>);
    static_assert(!std::is_constructible_v<table_id, std::string_view>);
    EXPECT_EQ(table_id::parse(text), table_id(*parse_uuid(text)));
    EXPECT_FALSE(table_id::parse("x"));
}

}  // namespace ids_test
}  // namespace qtable
