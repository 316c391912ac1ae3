#include "geo/point.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace qtable::geo {
namespace point_test {

TEST(point, is_valid_only_when_finite_and_in_range) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                     infinity = std::numeric_limits<double>::infinity();
    for (const point at : {point{0, 0}, point{90, 180}, point{-90, -180}, point{55.7, 12.6}})
        EXPECT_TRUE(is_valid(at));
    for (const point at : {point{90.0001, 0}, point{-91, 0}, point{0, 180.0001}, point{0, -181},
                           point{nan, 0}, point{0, nan}, point{infinity, 0}, point{0, -infinity}}) {
        EXPECT_FALSE(is_valid(at)) << at.lat_deg << ' ' << at.lon_deg;
    }
}

TEST(bounding_box, takes_its_edges) {
    const bounding_box box{10, 20, 11, 21};
    EXPECT_TRUE(box.contains({10, 20}));
    EXPECT_TRUE(box.contains({11, 21}));
    EXPECT_FALSE(box.contains({9.999, 20.5}));
    EXPECT_FALSE(box.contains({10.5, 21.001}));
}

TEST(bounding_box, may_cross_the_antimeridian) {
    const bounding_box fiji{-20, 177, -12, -178};
    EXPECT_TRUE(fiji.contains({-16, 179}));
    EXPECT_TRUE(fiji.contains({-16, 180}));
    EXPECT_TRUE(fiji.contains({-16, -180}));
    EXPECT_TRUE(fiji.contains({-16, -178.5}));
    EXPECT_FALSE(fiji.contains({-16, 0}));
    EXPECT_FALSE(fiji.contains({-16, 176.9}));
}

TEST(bounding_box, knows_180_by_both_names) {
    EXPECT_TRUE((bounding_box{-1, 170, 1, 180}.contains({0, -180})));
    EXPECT_TRUE((bounding_box{-1, -180, 1, -170}.contains({0, 180})));
    EXPECT_FALSE((bounding_box{-1, -170, 1, 170}.contains({0, 180})));
}

TEST(bounding_box, has_the_pole_when_it_reaches_it) {
    EXPECT_TRUE((bounding_box{80, 10, 90, 20}.contains({90, -100})));
    EXPECT_FALSE((bounding_box{80, 10, 89, 20}.contains({90, 15})));
}

}  // namespace point_test
}  // namespace qtable::geo
