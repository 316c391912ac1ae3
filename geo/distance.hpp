// Geodesic distance on WGS 84, and how it is bounded by the straight chord through the Earth. Pure functions,
// any core. Up to 120 km the distance comes from the chord and the curvature of the ellipsoid half way (error
// below 1 µm, ~20 ns, no trigonometry once both sites are made); beyond, Karney's algorithm (error below 0.1
// µm, also near antipodes, ~7 µs). For a chord c, the geodesic is never shorter than c, and the two differ by
// 30 µm at 3 km and 1 m at 100 km: so a search can order its candidates by chord and needs to look behind a
// hit only as far as these bounds leave open.
#pragma once

#include <cmath>

#include "geo/point.hpp"

namespace qtable::geo {

// A point with its Earth-centred, Earth-fixed coordinates on the ellipsoid's surface.
struct site {
    point at;
    double x_m = 0;
    double y_m = 0;
    double z_m = 0;
};

// Precondition for all that follows: the points are valid.
site locate(point at) noexcept;

double geodesic_m(point a, point b) noexcept;

inline double chord_m(const site& a, const site& b) noexcept {
    const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m, dz = b.z_m - a.z_m;
    return std::sqrt(dx * dx + dy * dy + dz * dz);
}

// The same value bit for bit, for sites that are kept, with their chord_m.
double geodesic_m(const site& a, const site& b, double chord) noexcept;
inline double geodesic_m(const site& a, const site& b) noexcept {
    return geodesic_m(a, b, chord_m(a, b));
}

// Not longer than what geodesic_m returns for any two sites that are `chord` apart.
double shortest_geodesic_m(double chord) noexcept;
// At least, and less than, the chord of any two sites for which geodesic_m returns `geodesic`.
double longest_chord_m(double geodesic) noexcept;
double shortest_chord_m(double geodesic) noexcept;  // below 0 for 0

constexpr double earth_diameter_m = 2 * 6378137.0;  // no chord is longer

}  // namespace qtable::geo
