#include "loadtest/wire/members.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace qtable::loadtest {
namespace members_test {

TEST(find_members, sees_the_object_itself_and_not_what_is_nested) {
    const std::string_view text =
        R"({ "data" : {"id":"inner","list":[{"id":"deep"},"]}"]} , "id" : "outer", "n":-12, "b":true, "x":null })";
    std::array<wanted_member, 5> wanted = {{{"id"}, {"n"}, {"b"}, {"x"}, {"absent"}}};
    find_members(text, wanted);
    EXPECT_EQ(wanted[0].value, "outer");
    EXPECT_EQ(wanted[1].value, "-12");
    EXPECT_EQ(wanted[2].value, "true");
    EXPECT_EQ(wanted[3].value, "null");
    EXPECT_FALSE(wanted[4].is_found);
    EXPECT_EQ(find_member(find_member(text, "data"), "id"), "inner");
}

TEST(find_members, is_not_misled_by_text) {
    const std::string_view text = R"({"note":"\"id\":\"no\" } \\","restaurant_id":"r","id":"yes"})";
    EXPECT_EQ(find_member(text, "id"), "yes");
    EXPECT_EQ(find_member(text, "note"), R"(\"id\":\"no\" } \\)");
}

TEST(find_members, survives_what_is_no_json) {
    for (const std::string_view text :
         {"", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":[", "{\"a\":{\"b\":\"", "[1]", "nonsense",
          "{\"a\":\"\\", "}{", "{a:1}", "{\"a\":}"}) {
        EXPECT_EQ(find_member(text, "a"), "") << text;
    }
}

TEST(for_each_element, gives_each_as_it_stands) {
    std::vector<std::string> got;
    for_each_element(R"([ {"a":[1,2]}, "text", 3 , [] ])",
                     [&got](std::string_view each) { got.emplace_back(each); });
    EXPECT_EQ(got, (std::vector<std::string>{R"({"a":[1,2]})", "text", "3", "[]"}));
    got.clear();
    for_each_element("[]", [&got](std::string_view each) { got.emplace_back(each); });
    for_each_element("", [&got](std::string_view each) { got.emplace_back(each); });
    EXPECT_TRUE(got.empty());
}

TEST(to_integer, takes_whole_numbers_alone) {
    EXPECT_EQ(to_integer("42"), 42);
    EXPECT_EQ(to_integer("-1"), -1);
    for (const std::string_view text : {"", "4.5", "x", "4x", "null"})
        EXPECT_EQ(to_integer(text), std::nullopt) << text;
}

}  // namespace members_test
}  // namespace qtable::loadtest
