// The promise that a search in warmed-up scratch allocates nothing.
#include <gtest/gtest.h>

#include "geo/search.hpp"
#include "tests/unit/geo/counting_new.hpp"
#include "tests/unit/geo/places.hpp"

namespace qtable::geo {
namespace search_allocation_test {

using namespace testing;

TEST(search, allocates_nothing_once_warm) {
    const auto restaurants = catalogue::build(listings_of_the_world(5000, 9));
    search_scratch scratch;
    std::vector<hit> hits;
    accept_all all;
    const auto tour = [&] {
        std::size_t found = 0;
        for (const point city : city_centres()) {
            search_query query;
            query.centre = city;
            query.radius_m = 20'000;
            query.limit = 50;
            query.name_part = "The Golden Fork, as it is called by those";
            search(*restaurants, query, all, scratch, hits);
            query.name_part = "fork";
            query.cuisine_type = "Italian;Pizza";
            search(*restaurants, query, all, scratch, hits);
            query = {city, 20'000, {}, {}, 0, 0, {}, 50, cursor{500, {}}};
            search(*restaurants, query, all, scratch, hits);
            found += hits.size();
        }
        return found;
    };
    const std::size_t warm_up = tour();
    const std::size_t before = counted_allocations();
    const std::size_t again = tour();
    EXPECT_EQ(counted_allocations() - before, 0U);
    EXPECT_EQ(again, warm_up);
    EXPECT_GT(again, 300U);
    EXPECT_GT(before, 0U);
}

}  // namespace search_allocation_test
}  // namespace qtable::geo
