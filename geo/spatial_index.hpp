// R-tree over sites as points in 3D space, bulk-loaded once: poles and the antimeridian are no special case.
// Read-only after construction, any number of threads. 16 bytes a site and no allocation per query.
// Boost.Geometry's R-tree stays behind this header: it costs its .cpp 15 s to compile.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "geo/distance.hpp"

namespace qtable::geo {

class spatial_index {
  public:
    // Chooses the order in which the tree keeps the sites: order()[row] is the position in `sites` of what
    // queries call `row`. Rows that are near on the ground are near in number: whoever stores things by row
    // gains locality.
    explicit spatial_index(std::span<const site> sites);
    ~spatial_index();
    spatial_index(const spatial_index&) = delete;
    spatial_index& operator=(const spatial_index&) = delete;

    const std::vector<std::uint32_t>& order() const noexcept { return order_; }

    // Appends every row whose chord from the centre is in [inner, outer], and those up to 1 m off the ring.
    void ring(const site& centre, double inner, double outer, std::vector<std::uint32_t>& rows) const;

  private:
    struct tree;
    std::unique_ptr<tree> tree_;
    std::vector<std::uint32_t> order_;
};

}  // namespace qtable::geo
