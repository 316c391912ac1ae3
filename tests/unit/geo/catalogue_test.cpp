#include "geo/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "geo/text.hpp"
#include "tests/unit/geo/places.hpp"

namespace qtable::geo {
namespace catalogue_test {

using namespace testing;

std::string folded(std::string_view text) {
    std::string result;
    fold(text, result);
    return result;
}

TEST(catalogue, has_each_listing_as_it_was_given) {
    const auto given = listings_of_the_world(3000, 1);
    const auto restaurants = catalogue::build(given);
    ASSERT_EQ(restaurants->size(), given.size());
    std::set<std::uint32_t> seen;
    for (std::size_t row = 0; row < restaurants->size(); ++row) {
        const catalogue::entry& found = restaurants->entry_of(row);
        const listing& expected = given[found.handle];
        EXPECT_TRUE(seen.insert(found.handle).second);
        EXPECT_EQ(found.id, expected.id);
        EXPECT_EQ(found.at, expected.at);
        EXPECT_EQ(found.name_folded(), folded(expected.name));
        EXPECT_EQ(found.cuisine_folded(), folded(expected.cuisine_type));
        EXPECT_EQ(found.json(), expected.json);
        EXPECT_EQ(restaurants->rows()[row].where.at, expected.at);
        EXPECT_EQ(restaurants->rows()[row].price_range, expected.price_range);
        EXPECT_EQ(restaurants->rows()[row].cuisines, cuisine_mask(folded(expected.cuisine_type)));
    }
}

TEST(catalogue, keeps_texts_of_any_length) {
    auto given = listings_of_the_world(200, 8);
    for (std::size_t i = 0; i < given.size(); ++i) given[i].json.assign(i * 37, 'j');
    given[7].name.clear();
    const auto restaurants = catalogue::build(given);
    for (std::size_t row = 0; row < restaurants->size(); ++row) {
        restaurants->fetch(row);
        const catalogue::entry& found = restaurants->entry_of(row);
        EXPECT_EQ(found.json(), given[found.handle].json);
        EXPECT_EQ(found.name_folded(), folded(given[found.handle].name));
    }
    EXPECT_GT(restaurants->bytes(), 200 * 200 * 37U / 2);
}

TEST(catalogue, folds_names) {
    auto given = listings_of_the_world(1, 1);
    given[0].name = "CAFÉ Ærø";
    const auto restaurants = catalogue::build(given);
    EXPECT_EQ(restaurants->entry_of(0).name_folded(), "café ærø");
}

TEST(catalogue, keeps_neighbours_together) {
    const auto given = listings_of_the_world(8000, 3);
    const auto restaurants = catalogue::build(given);
    int far_given = 0, far = 0;
    for (std::size_t i = 1; i < given.size(); ++i) {
        far_given += geodesic_m(given[i - 1].at, given[i].at) > 20'000 ? 1 : 0;
        far += geodesic_m(restaurants->entry_of(i - 1).at, restaurants->entry_of(i).at) > 20'000 ? 1 : 0;
    }
    EXPECT_GT(far_given, 6000);
    EXPECT_LT(far, 1500);  // 400 lie alone, anywhere
}

TEST(catalogue, leaves_out_those_without_a_place) {
    auto given = listings_of_the_world(100, 4);
    given[10].at = {std::numeric_limits<double>::quiet_NaN(), 0};
    given[50].at = {0, 200};
    const auto restaurants = catalogue::build(given);
    EXPECT_EQ(restaurants->size(), 98U);
    for (std::size_t row = 0; row < 98; ++row) {
        EXPECT_NE(restaurants->entry_of(row).handle, 10U);
        EXPECT_NE(restaurants->entry_of(row).handle, 50U);
    }
}

TEST(catalogue, may_be_empty) {
    const auto restaurants = catalogue::build(std::vector<listing>());
    EXPECT_EQ(restaurants->size(), 0U);
}

// Keeps all; remembers how often each row was shown.
class recording final : public row_picker {
  public:
    std::uint32_t pick(std::uint32_t first, std::uint32_t rows) override {
        for (std::uint32_t i = 0; i < 16; ++i) {
            if (((rows >> i) & 1U) != 0) shown.push_back(first + i);
        }
        return rows & ~dropped;
    }
    std::vector<std::uint32_t> shown;
    std::uint32_t dropped = 0;
};

TEST(spatial_index, rings_hold_each_row_between_their_chords) {
    const auto restaurants = catalogue::build(listings_of_the_world(5000, 6));
    for (const point centre : city_centres()) {
        const site at = locate(centre);
        for (const auto& [inner, outer] : {std::pair{-1.0, 500.0}, {500.0, 3000.0}, {0.0, 2e7}}) {
            std::vector<spatial_index::found_row> found;
            recording all;
            restaurants->index().ring(at, inner, outer, all, found);
            std::set<std::uint32_t> rows;
            for (const auto& each : found) {
                rows.insert(each.row);
                const double chord = chord_m(at, restaurants->rows()[each.row].where);
                EXPECT_NEAR(std::sqrt(each.squared_m2), chord, spatial_index::slack_m(chord));
            }
            EXPECT_EQ(rows, std::set<std::uint32_t>(all.shown.begin(), all.shown.end()));
            EXPECT_EQ(rows.size(), found.size());
            for (std::uint32_t i = 0; i < restaurants->rows().size(); ++i) {
                const double chord = chord_m(at, restaurants->rows()[i].where);
                const bool inside = chord >= inner && chord <= outer;
                const bool outside = chord < inner - 2.1 * spatial_index::slack_m(inner) ||
                                     chord > outer + 2.1 * spatial_index::slack_m(outer);
                EXPECT_FALSE(rows.contains(i) ? outside : inside) << chord;
            }
        }
    }
}

TEST(spatial_index, finds_what_the_picker_leaves) {
    const auto restaurants = catalogue::build(listings_of_the_world(1000, 6));
    std::vector<spatial_index::found_row> found;
    recording some;
    some.dropped = 0x00ff;
    restaurants->index().ring(locate(city_centres()[0]), -1, 2e7, some, found);
    EXPECT_EQ(some.shown.size(), 1000U);
    for (const auto& each : found) EXPECT_GE(each.row % 16, 8U);
    EXPECT_EQ(found.size(), 496U);
}

TEST(spatial_index, guesses_a_reach_of_the_right_size) {
    const auto restaurants = catalogue::build(listings_of_the_world(20'000, 7));
    std::mt19937_64 random(5);
    for (const double count : {10.0, 30.0, 150.0}) {
        std::vector<double> within;
        for (int i = 0; i < 400; ++i) {
            const site at = locate(near_to(city_centres()[random() % city_centres().size()], 4000, random));
            const double reach = restaurants->index().reach_of(at, count);
            std::vector<spatial_index::found_row> found;
            recording all;
            restaurants->index().ring(at, -1, reach, all, found);
            within.push_back(static_cast<double>(found.size()));
        }
        std::sort(within.begin(), within.end());
        EXPECT_GT(within[200], count / 3);
        EXPECT_LT(within[200], count * 3);
        EXPECT_LT(within[380], count * 12);
    }
}

TEST(spatial_index, guesses_for_any_size_of_tree) {
    for (const std::uint32_t size : {0U, 1U, 15U, 16U, 17U, 255U, 256U, 257U, 4097U}) {
        std::vector<site> sites;
        for (std::uint32_t i = 0; i < size; ++i) sites.push_back(locate({i * 1e-3, i * 2e-3}));
        const spatial_index index(sites);
        EXPECT_EQ(index.order().size(), size);
        for (const double count : {1.0, 31.0, 1000.0, 1e6}) {
            const double reach = index.reach_of(locate({0.01, 0.01}), count);
            EXPECT_GT(reach, 0);
            EXPECT_LE(reach, earth_diameter_m);
        }
        std::vector<spatial_index::found_row> found;
        recording all;
        index.ring(locate({0, 0}), -1, earth_diameter_m, all, found);
        EXPECT_EQ(found.size(), size);
    }
}

}  // namespace catalogue_test
}  // namespace qtable::geo
