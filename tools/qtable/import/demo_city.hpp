// Havnestad, the project's own harbour city: there is no such place, and no such business. Its districts lie
// around 56.85° N 10.75° E, on open water in the bay of Aalborg, some 25 km east of the coast, so that no dot
// of the demo falls on anybody's house. Names, streets, hours, floors and texts are made here; telephone
// numbers begin with 00 after the country code, which Denmark doesn't hand out, and websites lie under
// example.test. The same seed gives the same city everywhere. Pure function; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/qtable/import/records.hpp"

namespace qtable::tools {

struct demo_city_options {
    std::uint64_t seed = 1;
    std::size_t restaurants = 400;
};

constexpr double demo_city_latitude = 56.85;
constexpr double demo_city_longitude = 10.75;
constexpr double demo_city_radius_km = 6;  // every restaurant is nearer than this

// With hours and tables; `source_ref` is "demo:<seed>:<number>". Names are unique.
std::vector<import_restaurant> make_demo_city(const demo_city_options& options);

}  // namespace qtable::tools
