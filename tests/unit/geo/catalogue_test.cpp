#include "geo/catalogue.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "tests/unit/geo/places.hpp"

namespace qtable::geo {
namespace {

using namespace testing;

TEST(catalogue, finds_each_listing_by_id_as_it_was_given) {
    const auto given = listings_of_the_world(3000, 1);
    const auto restaurants = catalogue::build(given);
    ASSERT_EQ(restaurants->size(), given.size());
    for (const listing& expected : given) {
        const listing* found = restaurants->find(expected.id);
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->id, expected.id);
        EXPECT_EQ(found->at, expected.at);
        EXPECT_EQ(found->name, expected.name);
        EXPECT_EQ(found->cuisine_type, expected.cuisine_type);
        EXPECT_EQ(found->price_range, expected.price_range);
        EXPECT_EQ(found->review_count, expected.review_count);
        EXPECT_EQ(found->json, expected.json);
        EXPECT_EQ(found->handle, expected.handle);
    }
    EXPECT_EQ(restaurants->find(id_of(4'000'000'000)), nullptr);
}

TEST(catalogue, folds_names) {
    auto given = listings_of_the_world(1, 1);
    given[0].name = "CAFÉ Ærø";
    const auto restaurants = catalogue::build(given);
    EXPECT_EQ(restaurants->listings()[0].name_folded, "café ærø");
}

TEST(catalogue, rows_belong_to_listings) {
    const auto restaurants = catalogue::build(listings_of_the_world(1000, 2));
    ASSERT_EQ(restaurants->rows().size(), 1000U);
    for (std::size_t i = 0; i < 1000; ++i) {
        EXPECT_EQ(restaurants->rows()[i].where.at, restaurants->listings()[i].at);
        EXPECT_EQ(restaurants->rows()[i].handle, restaurants->listings()[i].handle);
        EXPECT_EQ(restaurants->rows()[i].price_range, restaurants->listings()[i].price_range);
    }
}

TEST(catalogue, keeps_neighbours_together) {
    const auto given = listings_of_the_world(8000, 3);
    const auto restaurants = catalogue::build(given);
    const auto jumps = [](std::span<const listing> all) {
        int far = 0;
        for (std::size_t i = 1; i < all.size(); ++i)
            far += geodesic_m(all[i - 1].at, all[i].at) > 20'000 ? 1 : 0;
        return far;
    };
    EXPECT_GT(jumps(given), 6000);
    EXPECT_LT(jumps(restaurants->listings()), 1500);  // 400 lie alone, anywhere
}

TEST(catalogue, knows_those_without_a_place_by_id_only) {
    auto given = listings_of_the_world(100, 4);
    given[10].at = {std::numeric_limits<double>::quiet_NaN(), 0};
    given[50].at = {0, 200};
    const auto restaurants = catalogue::build(given);
    EXPECT_EQ(restaurants->size(), 100U);
    EXPECT_EQ(restaurants->rows().size(), 98U);
    ASSERT_NE(restaurants->find(given[10].id), nullptr);
    EXPECT_EQ(restaurants->find(given[50].id)->name, given[50].name);
}

TEST(catalogue, may_be_empty) {
    const auto restaurants = catalogue::build({});
    EXPECT_EQ(restaurants->size(), 0U);
    EXPECT_EQ(restaurants->find(id_of(1)), nullptr);
}

TEST(catalogue_death, refuses_one_id_twice) {
    auto given = listings_of_the_world(2, 5);
    given[1].id = given[0].id;
    EXPECT_DEATH(catalogue::build(given), "is_new");
}

TEST(spatial_index, rings_hold_each_row_between_their_chords) {
    const auto restaurants = catalogue::build(listings_of_the_world(5000, 6));
    for (const point centre : city_centres()) {
        const site at = locate(centre);
        for (const auto& [inner, outer] : {std::pair{-1.0, 500.0}, {500.0, 3000.0}, {0.0, 2e7}}) {
            std::vector<std::uint32_t> found;
            restaurants->index().ring(at, inner, outer, found);
            const std::set<std::uint32_t> rows(found.begin(), found.end());
            EXPECT_EQ(rows.size(), found.size());
            for (std::uint32_t i = 0; i < restaurants->rows().size(); ++i) {
                const double chord = chord_m(at, restaurants->rows()[i].where);
                const bool inside = chord >= inner && chord <= outer;
                const bool outside = chord < inner - 2 || chord > outer + 2;
                EXPECT_FALSE(rows.contains(i) ? outside : inside) << chord;
            }
        }
    }
}

}  // namespace
}  // namespace qtable::geo
