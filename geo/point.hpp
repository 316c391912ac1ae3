// A place on the Earth in degrees on WGS 84, and a box of latitudes and longitudes. Plain values, any core.
// Longitude 180 and -180 are the same meridian; at a pole every longitude is the same point.
#pragma once

#include <cmath>

namespace qtable::geo {

struct point {
    double lat_deg = 0;
    double lon_deg = 0;

    friend bool operator==(const point&, const point&) = default;
};

// Finite and in range. Comparisons with NaN are false, so NaN and infinities fail too.
inline bool is_valid(point at) noexcept {
    return std::abs(at.lat_deg) <= 90 && std::abs(at.lon_deg) <= 180;
}

// Edges belong to the box. `lon_min_deg > lon_max_deg` means across the antimeridian.
struct bounding_box {
    double lat_min_deg = 0;
    double lon_min_deg = 0;
    double lat_max_deg = 0;
    double lon_max_deg = 0;

    bool contains(point at) const noexcept {
        if (!(at.lat_deg >= lat_min_deg && at.lat_deg <= lat_max_deg)) return false;
        if (std::abs(at.lat_deg) == 90 || contains_lon(at.lon_deg)) return true;
        return std::abs(at.lon_deg) == 180 && contains_lon(-at.lon_deg);
    }

  private:
    bool contains_lon(double lon_deg) const noexcept {
        if (lon_min_deg <= lon_max_deg) return lon_deg >= lon_min_deg && lon_deg <= lon_max_deg;
        return lon_deg >= lon_min_deg || lon_deg <= lon_max_deg;
    }
};

}  // namespace qtable::geo
