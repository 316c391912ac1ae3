#include "geo/distance.hpp"

#include <algorithm>
#include <boost/geometry/core/radius.hpp>
#include <boost/geometry/srs/spheroid.hpp>
// The formula needs the two headers above and doesn't include them itself.
#include <boost/geometry/formulas/karney_inverse.hpp>
#include <numbers>

namespace qtable::geo {
namespace {

constexpr double equator_m = 6378137.0;
constexpr double flattening = 1 / 298.257223563;
constexpr double polar_m = equator_m * (1 - flattening);
constexpr double eccentricity_squared = flattening * (2 - flattening);
constexpr double radians_per_degree = std::numbers::pi / 180;

// Radii of curvature: the smallest is the meridian's at the equator; the largest is that of a pole, here with
// a margin.
constexpr double smallest_radius_m = polar_m * polar_m / equator_m;
constexpr double over_largest_radius_m = 6.41e6;

constexpr double short_range_m = 120e3;
constexpr double rounding = 1e-12;

struct sine_cosine {
    double sine, cosine;
};

// Exact at multiples of 90°: -180 and 180 give the same site, and a pole is one site whatever the longitude.
sine_cosine of_degrees(double degrees) noexcept {
    const double quarter_turns = std::nearbyint(degrees / 90);
    const double rest = (degrees - 90 * quarter_turns) * radians_per_degree;
    const double sine = std::sin(rest), cosine = std::cos(rest);
    switch (static_cast<int>(quarter_turns) & 3) {
        case 0:
            return {sine, cosine};
        case 1:
            return {cosine, -sine};
        case 2:
            return {-sine, -cosine};
        default:
            return {-cosine, sine};
    }
}

// A geodesic bends only as the surface does. Between two near points it is, to sixth order, the arc of the
// circle whose radius is the ellipsoid's radius of curvature half way, in the direction of the chord.
double arc_over_chord_m(const site& a, const site& b, double chord) noexcept {
    constexpr double a2 = equator_m * equator_m, b2 = polar_m * polar_m;
    const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m, dz = b.z_m - a.z_m;
    const double mx = (a.x_m + b.x_m) / 2, my = (a.y_m + b.y_m) / 2, mz = (a.z_m + b.z_m) / 2;
    const double across = mx * mx + my * my, along = mz * mz;
    // The chord's middle lies inside; `depth` puts it back on the surface x²/a² + y²/a² + z²/b² = 1.
    const double depth = across / a2 + along / b2;
    const double gradient = std::sqrt((across / (a2 * a2) + along / (b2 * b2)) / depth);
    const double radius = gradient * chord * chord / ((dx * dx + dy * dy) / a2 + dz * dz / b2);
    return 2 * radius * std::asin(chord / (2 * radius));
}

double karney_m(point a, point b) noexcept {
    using inverse = boost::geometry::formula::karney_inverse<double, true, false, false, false, false>;
    const boost::geometry::srs::spheroid<double> wgs84(equator_m, polar_m);
    return inverse::apply(a.lon_deg * radians_per_degree, a.lat_deg * radians_per_degree,
                          b.lon_deg * radians_per_degree, b.lat_deg * radians_per_degree, wgs84)
        .distance;
}

}  // namespace

site locate(point at) noexcept {
    const auto lat = of_degrees(at.lat_deg), lon = of_degrees(at.lon_deg);
    const double normal = equator_m / std::sqrt(1 - eccentricity_squared * lat.sine * lat.sine);
    return {at, normal * lat.cosine * lon.cosine, normal * lat.cosine * lon.sine,
            normal * (1 - eccentricity_squared) * lat.sine};
}

double geodesic_m(const site& a, const site& b, double chord) noexcept {
    if (chord == 0) return 0;
    return chord <= short_range_m ? arc_over_chord_m(a, b, chord) : karney_m(a.at, b.at);
}

double geodesic_m(point a, point b) noexcept {
    return geodesic_m(locate(a), locate(b));
}

// The first two terms of the arc over the chord of a circle flatter than the ellipsoid anywhere is; all
// others are positive.
double shortest_geodesic_m(double chord) noexcept {
    constexpr double per_square = 1 / (24 * over_largest_radius_m * over_largest_radius_m);
    return chord * (1 - rounding + chord * chord * per_square);
}

double longest_chord_m(double geodesic) noexcept {
    return geodesic * (1 + rounding);
}

// Schur's comparison: a curve bent less than a circle everywhere has the longer chord, up to half the circle.
double shortest_chord_m(double geodesic) noexcept {
    const double half_angle = std::min(geodesic / (2 * smallest_radius_m), std::numbers::pi / 2);
    return 2 * smallest_radius_m * std::sin(half_angle) * (1 - rounding) - 1e-6;
}

}  // namespace qtable::geo
