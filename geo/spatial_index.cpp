#include "geo/spatial_index.hpp"

#include <algorithm>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/geometries/register/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/geometry/strategies/index/cartesian.hpp>
#include <boost/geometry/strategies/relate/cartesian.hpp>
#include <cstddef>
#include <iterator>

namespace qtable::geo {
namespace bgi = boost::geometry::index;

// Single precision halves the tree; at 6,400 km a coordinate is off by at most 0.25 m.
struct indexed_site {
    float x, y, z;
    mutable std::uint32_t row;  // no part of the tree's order: renumbered once the tree has found that order
};

}  // namespace qtable::geo

BOOST_GEOMETRY_REGISTER_POINT_3D(qtable::geo::indexed_site, float, boost::geometry::cs::cartesian, x, y, z)

namespace qtable::geo {
namespace {

constexpr double float_margin_m = 1.0;

using corner = boost::geometry::model::point<float, 3, boost::geometry::cs::cartesian>;
using cube = boost::geometry::model::box<corner>;

// Takes what the query for a cube finds, keeps the rows that lie in the ring.
struct ring_appender {
    using iterator_category = std::output_iterator_tag;
    using value_type = void;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = void;

    const site* centre;
    double inner_squared, outer_squared;
    std::vector<std::uint32_t>* rows;

    ring_appender& operator*() noexcept { return *this; }
    ring_appender& operator++() noexcept { return *this; }
    ring_appender operator++(int) noexcept { return *this; }
    ring_appender& operator=(const indexed_site& found) {
        const double dx = double{found.x} - centre->x_m, dy = double{found.y} - centre->y_m,
                     dz = double{found.z} - centre->z_m;
        const double squared = dx * dx + dy * dy + dz * dz;
        if (squared >= inner_squared && squared <= outer_squared) rows->push_back(found.row);
        return *this;
    }
};

std::vector<indexed_site> indexed(std::span<const site> sites) {
    std::vector<indexed_site> values;
    values.reserve(sites.size());
    for (const site& s : sites) {
        values.push_back({static_cast<float>(s.x_m), static_cast<float>(s.y_m), static_cast<float>(s.z_m),
                          static_cast<std::uint32_t>(values.size())});
    }
    return values;
}

}  // namespace

struct spatial_index::tree {
    bgi::rtree<indexed_site, bgi::quadratic<16>> sites;
};

spatial_index::spatial_index(std::span<const site> sites)
    : tree_(std::make_unique<tree>(tree{bgi::rtree<indexed_site, bgi::quadratic<16>>(indexed(sites))})) {
    order_.reserve(sites.size());
    for (const indexed_site& s : tree_->sites) {
        order_.push_back(s.row);
        s.row = static_cast<std::uint32_t>(order_.size() - 1);
    }
}

spatial_index::~spatial_index() = default;

void spatial_index::ring(const site& centre, double inner, double outer,
                         std::vector<std::uint32_t>& rows) const {
    const double reach = outer + float_margin_m, from = std::max(inner - float_margin_m, 0.0);
    const auto corner_at = [&](double sign) {
        return corner(static_cast<float>(centre.x_m + sign * reach),
                      static_cast<float>(centre.y_m + sign * reach),
                      static_cast<float>(centre.z_m + sign * reach));
    };
    tree_->sites.query(bgi::intersects(cube(corner_at(-1), corner_at(1))),
                       ring_appender{&centre, from * from, reach * reach, &rows});
}

}  // namespace qtable::geo
