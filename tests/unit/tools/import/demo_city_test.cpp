#include "tools/qtable/import/demo_city.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "tools/qtable/import/field_cleaning.hpp"

namespace qtable::tools {
namespace demo_city_test {

double km_from_centre(const import_restaurant& restaurant) {
    const double north = (restaurant.latitude - demo_city_latitude) * 111.195;
    const double east = (restaurant.longitude - demo_city_longitude) * 111.195 *
                        std::cos(demo_city_latitude * std::acos(-1.0) / 180);
    return std::hypot(north, east);
}

TEST(demo_city, the_same_seed_gives_the_same_city) {
    const auto first = make_demo_city({7, 50});
    const auto second = make_demo_city({7, 50});
    const auto other = make_demo_city({8, 50});
    ASSERT_EQ(first.size(), 50U);
    std::size_t equal_to_other = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i].source_ref, second[i].source_ref);
        EXPECT_EQ(first[i].name, second[i].name);
        EXPECT_EQ(first[i].latitude, second[i].latitude);
        EXPECT_EQ(first[i].hours, second[i].hours);
        EXPECT_EQ(first[i].tables, second[i].tables);
        equal_to_other += first[i].name == other[i].name ? 1U : 0U;
        EXPECT_NE(first[i].source_ref, other[i].source_ref);
    }
    EXPECT_LT(equal_to_other, 5U);
}

TEST(demo_city, a_larger_city_begins_with_the_smaller_one) {
    const auto small = make_demo_city({1, 20});
    const auto large = make_demo_city({1, 40});
    for (std::size_t i = 0; i < small.size(); ++i) EXPECT_EQ(small[i].name, large[i].name);
}

TEST(demo_city, every_restaurant_is_complete_and_sane) {
    std::set<std::string> names;
    std::set<std::string> refs;
    const auto city = make_demo_city({});
    ASSERT_EQ(city.size(), 400U);
    for (const import_restaurant& restaurant : city) {
        EXPECT_TRUE(names.insert(restaurant.name).second) << restaurant.name;
        EXPECT_TRUE(refs.insert(restaurant.source_ref).second);
        EXPECT_LT(km_from_centre(restaurant), demo_city_radius_km);
        EXPECT_TRUE(restaurant.website.starts_with("https://") &&
                    restaurant.website.ends_with(".example.test"));
        EXPECT_TRUE(restaurant.phone.starts_with("+45 00 "));
        EXPECT_EQ(restaurant.timezone, "Europe/Copenhagen");
        EXPECT_FALSE(restaurant.price_range.empty());
        EXPECT_FALSE(restaurant.address.empty());
        EXPECT_TRUE(restaurant.has_hours);
        EXPECT_FALSE(restaurant.hours.empty());
        EXPECT_FALSE(restaurant.tables.empty());
        for (const day_hours& day : restaurant.hours.days)
            EXPECT_EQ(parse_day_hours(format_day_hours(day)), day);
        // An import of the same fields would take them as they are.
        std::vector<import_problem> problems;
        field_cleaner cleaner(problems, 0);
        EXPECT_EQ(cleaner.website("", restaurant.website), restaurant.website);
        EXPECT_EQ(cleaner.phone("", restaurant.phone), restaurant.phone);
        EXPECT_EQ(cleaner.cuisine("", restaurant.cuisine_type), restaurant.cuisine_type);
        EXPECT_EQ(without_controls(restaurant.description), restaurant.description);
        EXPECT_TRUE(problems.empty());
    }
}

TEST(demo_city, hours_are_of_many_kinds) {
    int past_midnight = 0;
    int lunch_and_dinner = 0;
    int always = 0;
    int closed_day = 0;
    int morning = 0;
    std::map<std::string, int> cuisines;
    for (const import_restaurant& restaurant : make_demo_city({})) {
        const auto any_day = [&](const auto& test) {
            return std::any_of(restaurant.hours.days.begin(), restaurant.hours.days.end(), test) ? 1 : 0;
        };
        past_midnight +=
            any_day([](const day_hours& day) { return !day.empty() && day.back().close_min > 1440; });
        lunch_and_dinner += any_day([](const day_hours& day) { return day.size() == 2; });
        always += any_day([](const day_hours& day) { return day == day_hours{{0, 1440}}; });
        closed_day += any_day([](const day_hours& day) { return day.empty(); });
        morning += any_day([](const day_hours& day) {
            return !day.empty() && day.front().open_min > 0 && day.front().open_min < 600;
        });
        ++cuisines[restaurant.cuisine_type];
    }
    EXPECT_GT(past_midnight, 30);
    EXPECT_GT(lunch_and_dinner, 80);
    EXPECT_GT(always, 1);
    EXPECT_LT(always, 25);
    EXPECT_GT(closed_day, 150);
    EXPECT_GT(morning, 30);
    EXPECT_GE(cuisines.size(), 15U);
}

TEST(demo_city, names_stay_unique_beyond_all_pairs_of_words) {
    std::set<std::string> names;
    std::set<std::string> websites;
    for (const import_restaurant& restaurant : make_demo_city({3, 5000})) {
        EXPECT_TRUE(names.insert(restaurant.name).second) << restaurant.name;
        EXPECT_TRUE(websites.insert(restaurant.website).second) << restaurant.website;
    }
}

}  // namespace demo_city_test
}  // namespace qtable::tools
