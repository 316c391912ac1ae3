// Where the benchmarks' restaurants are: cities are normal clouds whose sizes follow 1/rank. The same points
// on every run.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>
#include <vector>

#include "geo/point.hpp"

namespace qtable::bench {

inline std::vector<geo::point> clustered_points(std::size_t count) {
    constexpr double degrees_per_m = 1 / 111'195.0;
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> unit(-1, 1);
    std::normal_distribution<double> normal(0, 4000 * degrees_per_m);
    std::vector<geo::point> cities(std::max<std::size_t>(20, count / 1000));
    for (auto& city : cities) city = {60 * unit(random), 180 * unit(random)};
    std::vector<double> weights;
    for (std::size_t rank = 1; rank <= cities.size(); ++rank)
        weights.push_back(1 / (4 + static_cast<double>(rank)));
    std::discrete_distribution<std::size_t> pick(weights.begin(), weights.end());
    std::vector<geo::point> points;
    while (points.size() < count) {
        const auto& city = cities[pick(random)];
        const double shrink = std::cos(city.lat_deg * std::numbers::pi / 180);
        const geo::point at{city.lat_deg + normal(random), city.lon_deg + normal(random) / shrink};
        if (geo::is_valid(at)) points.push_back(at);
    }
    return points;
}

// Queries come from where restaurants are, moved by up to a kilometre.
inline std::vector<geo::point> centres_among(const std::vector<geo::point>& points) {
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> off(-0.009, 0.009);
    std::vector<geo::point> centres;
    for (int i = 0; i < 4096; ++i) {
        const auto& at = points[random() % points.size()];
        centres.push_back({at.lat_deg + off(random), at.lon_deg + off(random)});
    }
    return centres;
}

}  // namespace qtable::bench
