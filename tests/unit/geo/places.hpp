// Random places for the tests of geo, from fixed seeds: cities, the poles, the antimeridian, the whole globe.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "geo/catalogue.hpp"

namespace qtable::geo::testing {

inline point wrapped(double lat_deg, double lon_deg) {
    if (lat_deg > 90) lat_deg = 180 - lat_deg, lon_deg += 180;
    if (lat_deg < -90) lat_deg = -180 - lat_deg, lon_deg += 180;
    return {lat_deg, std::remainder(lon_deg, 360.0)};
}

// About `spread_m` around the centre, denser in the middle; right at the poles too.
inline point near_to(point centre, double spread_m, std::mt19937_64& random) {
    std::uniform_real_distribution<double> unit(0, 1);
    const double away = spread_m * unit(random), bearing = 2 * std::numbers::pi * unit(random);
    const double lat = centre.lat_deg + away * std::cos(bearing) / 111'195;
    const double shrink = std::max(std::cos(centre.lat_deg * std::numbers::pi / 180), 1e-3);
    return wrapped(lat, centre.lon_deg + away * std::sin(bearing) / 111'195 / shrink);
}

inline point anywhere(std::mt19937_64& random) {
    std::uniform_real_distribution<double> unit(-1, 1);
    return {std::asin(unit(random)) * 180 / std::numbers::pi, 180 * unit(random)};
}

inline const std::vector<point>& city_centres() {
    static const std::vector<point> centres{{55.6761, 12.5683},
                                            {40.7128, -74.0060},
                                            {-16.5, 179.999},
                                            {65.0, -179.9995},
                                            {90, 0},
                                            {-90, 45},
                                            {0, 0},
                                            {-0.001, 180}};
    return centres;
}

inline restaurant_id id_of(std::uint32_t number) {
    restaurant_id id;
    for (std::size_t i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
}

// Cities with many restaurants, some of them at the same place as another, and a few anywhere.
inline std::vector<listing> listings_of_the_world(std::uint32_t count, std::uint64_t seed) {
    static const std::vector<std::string> cuisines{"Italian;Pizza", "thai", "Café, Bakery", "SUSHI", ""};
    std::mt19937_64 random(seed);
    std::vector<listing> listings;
    for (std::uint32_t i = 0; i < count; ++i) {
        listing entry;
        entry.id =
            id_of(static_cast<std::uint32_t>(random() % 1000) * 100'000 + i);  // not in the order of places
        entry.at = near_to(city_centres()[random() % city_centres().size()], 8000, random);
        if (i % 20 == 0) entry.at = anywhere(random);
        if (i % 7 == 6) entry.at = listings[random() % listings.size()].at;
        entry.name = (i % 3 == 0 ? "Åse's Kitchen " : "The Golden Fork ") + std::to_string(i);
        entry.cuisine_type = cuisines[random() % cuisines.size()];
        entry.price_range = static_cast<std::uint8_t>(random() % 5);
        entry.rating = i % 5 == 0 ? std::nan("") : static_cast<double>(random() % 51) / 10;
        entry.json = "\"number\":" + std::to_string(i);
        entry.handle = i;
        listings.push_back(std::move(entry));
    }
    return listings;
}

}  // namespace qtable::geo::testing
