// Packed tree over sites as points in 3D space, made once: poles and the antimeridian are no special case.
// Sixteen neighbours make a leaf, sixteen leaves a node, and so on; rows are numbered leaf by leaf, so the
// tree needs no pointers. Read-only after construction, any number of threads. 14 bytes a site, no allocation
// per query once `found` has grown.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "geo/distance.hpp"

namespace qtable::geo {

// Has a say in which rows a query finds.
class row_picker {
  public:
    // Of the rows first … first + 15 those with a bit in `rows` lie in the ring: which of them count.
    virtual std::uint32_t pick(std::uint32_t first, std::uint32_t rows) = 0;

  protected:
    ~row_picker() = default;
};

class spatial_index {
  public:
    static constexpr std::uint32_t fan_out = 16;
    struct found_row {
        float squared_m2 = 0;  // of the chord, of coordinates in single precision
        std::uint32_t row = 0;
    };

    // Chooses the order in which the tree keeps the sites: order()[row] is the position in `sites` of what
    // queries call `row`. Rows that are near on the ground are near in number: whoever stores things by row
    // gains locality.
    explicit spatial_index(std::span<const site> sites);

    const std::vector<std::uint32_t>& order() const noexcept { return order_; }

    // Appends every row whose chord from the centre is in [inner, outer], and some up to `slack_m` off the
    // ring.
    void ring(const site& centre, double inner, double outer, row_picker& picker,
              std::vector<found_row>& found) const;
    // How far off single precision may put a row.
    static constexpr double slack_m(double chord) noexcept { return 1.0 + 1e-6 * chord; }

    // A chord that has about `count` rows within it, going by how close they lie around there. A guess.
    double reach_of(const site& centre, double count) const noexcept;

    std::size_t bytes() const noexcept;

  private:
    // Single precision: at 6,400 km a coordinate is off by at most 0.25 m. What a leaf or node doesn't fill
    // is infinitely far.
    struct alignas(64) leaf {
        std::array<float, fan_out> x, y, z;
    };
    struct alignas(64) node {
        std::array<float, fan_out> low_x, low_y, low_z, high_x, high_y, high_z;
    };
    struct centred_ring;

    void add_nodes();

    std::vector<std::uint32_t> order_;
    std::vector<leaf> leaves_;
    std::vector<std::vector<node>> levels_;  // [0]: over leaves, [1]: over those, …; the last has one node
};

}  // namespace qtable::geo
