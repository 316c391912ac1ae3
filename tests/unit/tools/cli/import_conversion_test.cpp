#include "tools/qtable/cli/import_conversion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tools/qtable/import/demo_city.hpp"

namespace qtable::tools {
namespace import_conversion_test {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr instant now{1'764'000'000'000};

// Ids count up, so that it is seen which came first.
conversion_tools counting_tools(int& made) {
    return {[&made] {
                uuid value;
                value.bytes[15] = static_cast<std::uint8_t>(++made);
                return value;
            },
            [] { return std::uint64_t{42}; }};
}

import_restaurant bistro() {
    import_restaurant made;
    made.source_ref = "osm:node/1";
    made.name = "Bistro Ø";
    made.description = "by the water";
    made.cuisine_type = "french;wine";
    made.price_range = "$$$";
    made.latitude = 56.85;
    made.longitude = 10.75;
    made.phone = "+45 00 11 22 33";
    made.website = "https://bistro.example.test/";
    made.address = "Quay 1";
    made.timezone = "Europe/Copenhagen";
    made.hours.days[0] = {{600, 1320}};
    made.has_hours = true;
    return made;
}

storage::bulk_restaurant convert(const import_restaurant& from) {
    int made = 0;
    return to_bulk_restaurant(from, staff_id{}, now, counting_tools(made));
}

TEST(ImportConversion, TakesTheProfile) {
    const auto made = convert(bistro());
    EXPECT_EQ(made.source_ref, "osm:node/1");
    EXPECT_EQ(made.log_epoch, 42U);
    EXPECT_FALSE(made.what.id.is_nil());
    EXPECT_EQ(made.what.created_at, now);
    EXPECT_EQ(made.what.updated_at, now);
    const restaurant_profile& profile = made.what.profile;
    EXPECT_EQ(profile.name, "Bistro Ø");
    EXPECT_TRUE(profile.is_public);
    EXPECT_EQ(profile.description, "by the water");
    EXPECT_EQ(profile.cuisine_type, "french;wine");
    EXPECT_EQ(profile.price_range, 3);
    EXPECT_EQ(profile.latitude, 56.85);
    EXPECT_EQ(profile.longitude, 10.75);
    EXPECT_EQ(profile.phone, "+45 00 11 22 33");
    EXPECT_EQ(profile.website, "https://bistro.example.test/");
    EXPECT_EQ(profile.address, "Quay 1");
    EXPECT_EQ(profile.timezone, "Europe/Copenhagen");
    EXPECT_EQ(format_day_hours(profile.hours.days[0]), "10:00-22:00");
    EXPECT_EQ(made.what.rules, booking_rules{});
}

TEST(ImportConversion, PriceRangesAreNumbers) {
    for (const auto& [text, number] : {std::pair{"", 0}, {"$", 1}, {"$$$$", 4}}) {
        auto from = bistro();
        from.price_range = text;
        EXPECT_EQ(convert(from).what.profile.price_range, number) << text;
    }
}

TEST(ImportConversion, UnreadableHoursStayOut) {
    auto from = bistro();
    from.has_hours = false;
    EXPECT_TRUE(convert(from).what.profile.hours.empty());
}

TEST(ImportConversion, OwnerIsPassedOn) {
    int made = 0;
    staff_id owner;
    owner.bytes[0] = 7;
    EXPECT_EQ(to_bulk_restaurant(bistro(), owner, now, counting_tools(made)).owner, owner);
}

TEST(ImportConversion, TablesAreSortedAndCombinationsKeepTheirMembers) {
    auto from = bistro();
    from.tables = {{"T2", 4, 2, "Room", 30, 10, "round"},
                   {"T10", 2, 1, "Bar", 20, 10, "bar"},
                   {"T1", 4, 3, "Room", 10, 10, "square"}};
    from.combinations = {{"T2+T1", {0, 2}, 8, 5}};
    const auto made = convert(from);
    ASSERT_THAT(made.what.tables, SizeIs(3));
    EXPECT_EQ(made.what.tables[0].label, "T1");
    EXPECT_EQ(made.what.tables[1].label, "T10");
    EXPECT_EQ(made.what.tables[2].label, "T2");
    const table& second = made.what.tables[2];
    EXPECT_EQ(second.capacity, 4);
    EXPECT_EQ(second.min_party, 2);
    EXPECT_EQ(second.section, "Room");
    EXPECT_EQ(second.x, 30);
    EXPECT_EQ(second.y, 10);
    EXPECT_EQ(second.shape, "round");
    EXPECT_EQ(second.status, table_status::available);
    ASSERT_THAT(made.what.combinations, SizeIs(1));
    EXPECT_THAT(made.what.combinations[0].table_ids,
                ElementsAre(made.what.tables[2].id, made.what.tables[0].id));
    EXPECT_EQ(made.what.combinations[0].capacity, 8);
    EXPECT_EQ(made.what.combinations[0].min_party, 5);
}

TEST(ImportConversion, EveryThingHasAnIdOfItsOwn) {
    const auto city = make_demo_city({1, 3});
    int made = 0;
    const auto tools = counting_tools(made);
    std::set<uuid> ids;
    std::size_t things = 0;
    for (const import_restaurant& each : city) {
        const auto converted = to_bulk_restaurant(each, staff_id{}, now, tools);
        ids.insert(converted.what.id);
        for (const table& one : converted.what.tables) ids.insert(one.id);
        for (const table_combination& one : converted.what.combinations) ids.insert(one.id);
        things += 1 + converted.what.tables.size() + converted.what.combinations.size();
    }
    EXPECT_EQ(ids.size(), things);
}

TEST(UnknownTimezones, AreSkippedAndReportedInOrder) {
    import_result read;
    read.read = 3;
    read.problems = {{import_problem_kind::field_dropped, 2, "A", "phone", "x", "no number"},
                     {import_problem_kind::field_dropped, 9, "C", "phone", "x", "no number"}};
    for (const std::size_t line : {std::size_t{2}, std::size_t{5}, std::size_t{9}}) {
        auto each = bistro();
        each.line = line;
        if (line == 5) each.timezone = "Europe/Atlantis";
        read.restaurants.push_back(each);
    }
    skip_unknown_timezones(read, [](std::string_view name) { return name == "Europe/Copenhagen"; });
    ASSERT_THAT(read.restaurants, SizeIs(2));
    EXPECT_EQ(read.restaurants[1].line, 9U);
    ASSERT_THAT(read.problems, SizeIs(3));
    EXPECT_EQ(read.problems[1].kind, import_problem_kind::skipped);
    EXPECT_EQ(read.problems[1].line, 5U);
    EXPECT_EQ(read.problems[1].value, "Europe/Atlantis");
}

TEST(UnknownTimezones, NoneIsNoProblem) {
    import_result read;
    read.restaurants = {bistro()};
    skip_unknown_timezones(read, [](std::string_view) { return true; });
    EXPECT_THAT(read.restaurants, SizeIs(1));
    EXPECT_THAT(read.problems, IsEmpty());
}

}  // namespace import_conversion_test
}  // namespace qtable::tools
