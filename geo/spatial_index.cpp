#include "geo/spatial_index.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

#include "core/base/assert.hpp"

namespace qtable::geo {
namespace {

constexpr std::uint32_t fan_out = spatial_index::fan_out;
constexpr float nowhere = std::numeric_limits<float>::infinity();

struct indexed_site {
    std::array<float, 3> at;
    std::uint32_t position;
};

// Halves along the longest side until each part is a leaf. Cuts lie where whole nodes end, so that all but
// the last ones are full.
void arrange(std::span<indexed_site> sites) {
    if (sites.size() <= fan_out) return;
    std::size_t part = fan_out;
    while (part * fan_out < sites.size()) part *= fan_out;
    std::array<float, 3> low = sites.front().at, high = low;
    for (const indexed_site& s : sites) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            low[axis] = std::min(low[axis], s.at[axis]);
            high[axis] = std::max(high[axis], s.at[axis]);
        }
    }
    std::size_t longest = 0;
    for (std::size_t axis = 1; axis < 3; ++axis) {
        if (high[axis] - low[axis] > high[longest] - low[longest]) longest = axis;
    }
    const std::size_t cut = (sites.size() + part - 1) / part / 2 * part;
    std::nth_element(
        sites.begin(), sites.begin() + static_cast<std::ptrdiff_t>(cut), sites.end(),
        [longest](const indexed_site& a, const indexed_site& b) { return a.at[longest] < b.at[longest]; });
    arrange(sites.first(cut));
    arrange(sites.subspan(cut));
}

float squared(double distance) noexcept {
    return static_cast<float>(distance * distance);
}

// Of two, without a branch: what the compiler can do for four at once.
float larger(float a, float b) noexcept {
    return a > b ? a : b;
}

using of_children = std::array<float, fan_out>;

// Four at once, as every processor of ours can.
using four_floats = float __attribute__((vector_size(16)));
using four_masks = std::int32_t __attribute__((vector_size(16)));

// A bit for each child whose value is in [low, high].
std::uint32_t within(const of_children& values, float low, float high) noexcept {
    four_masks bits{};
    four_masks bit_of{1, 2, 4, 8};
    for (std::size_t i = 0; i < fan_out; i += 4) {
        four_floats some;
        std::memcpy(&some, &values[i], sizeof some);
        bits |= (some >= low) & (some <= high) & bit_of;
        bit_of <<= 4;
    }
    return static_cast<std::uint32_t>(bits[0] | bits[1] | bits[2] | bits[3]);
}

}  // namespace

spatial_index::spatial_index(std::span<const site> sites) {
    QTABLE_ASSERT(sites.size() < std::numeric_limits<std::uint32_t>::max());
    std::vector<indexed_site> arranged;
    arranged.reserve(sites.size());
    for (const site& s : sites) {
        arranged.push_back({{static_cast<float>(s.x_m), static_cast<float>(s.y_m), static_cast<float>(s.z_m)},
                            static_cast<std::uint32_t>(arranged.size())});
    }
    arrange(arranged);
    order_.reserve(sites.size());
    for (const indexed_site& s : arranged) {
        const std::size_t at = order_.size() % fan_out;
        if (at == 0) {
            leaves_.emplace_back();
            leaves_.back().x.fill(nowhere);
            leaves_.back().y.fill(nowhere);
            leaves_.back().z.fill(nowhere);
        }
        leaves_.back().x[at] = s.at[0];
        leaves_.back().y[at] = s.at[1];
        leaves_.back().z[at] = s.at[2];
        order_.push_back(s.position);
    }
    add_nodes();
}

// Level by level, each node over the next sixteen of the level below.
void spatial_index::add_nodes() {
    struct bounds {
        std::array<float, 3> low{nowhere, nowhere, nowhere}, high{-nowhere, -nowhere, -nowhere};
        void add(const std::array<float, 3>& from, const std::array<float, 3>& to) {
            for (std::size_t axis = 0; axis < 3; ++axis) {
                low[axis] = std::min(low[axis], from[axis]);
                high[axis] = std::max(high[axis], to[axis]);
            }
        }
    };
    std::vector<bounds> below(leaves_.size());
    for (std::size_t row = 0; row < order_.size(); ++row) {
        const leaf& in = leaves_[row / fan_out];
        const std::size_t at = row % fan_out;
        const std::array<float, 3> point{in.x[at], in.y[at], in.z[at]};
        below[row / fan_out].add(point, point);
    }
    while (below.size() > 1) {
        std::vector<bounds> above((below.size() + fan_out - 1) / fan_out);
        std::vector<node>& level = levels_.emplace_back(above.size());
        for (node& each : level) {
            for (auto* side : {&each.low_x, &each.low_y, &each.low_z}) side->fill(nowhere);
            for (auto* side : {&each.high_x, &each.high_y, &each.high_z}) side->fill(nowhere);
        }
        for (std::size_t i = 0; i < below.size(); ++i) {
            node& of = level[i / fan_out];
            const std::size_t at = i % fan_out;
            of.low_x[at] = below[i].low[0], of.high_x[at] = below[i].high[0];
            of.low_y[at] = below[i].low[1], of.high_y[at] = below[i].high[1];
            of.low_z[at] = below[i].low[2], of.high_z[at] = below[i].high[2];
            above[i / fan_out].add(below[i].low, below[i].high);
        }
        below = std::move(above);
    }
}

// A ring around a centre, and the walk through the tree that finds what lies in it.
struct spatial_index::centred_ring {
    float x, y, z;
    float inner_squared = 0, outer_squared = 0;

    explicit centred_ring(const site& centre) noexcept
        : x(static_cast<float>(centre.x_m)),
          y(static_cast<float>(centre.y_m)),
          z(static_cast<float>(centre.z_m)) {}

    // The squares of how far the children's boxes are at least,
    void nearest(const node& of, of_children& squares) const noexcept {
        for (std::uint32_t i = 0; i < fan_out; ++i) {
            const float dx = larger(of.low_x[i] - x, 0) + larger(x - of.high_x[i], 0);
            const float dy = larger(of.low_y[i] - y, 0) + larger(y - of.high_y[i], 0);
            const float dz = larger(of.low_z[i] - z, 0) + larger(z - of.high_z[i], 0);
            squares[i] = dx * dx + dy * dy + dz * dz;
        }
    }
    // and at most.
    void farthest(const node& of, of_children& squares) const noexcept {
        for (std::uint32_t i = 0; i < fan_out; ++i) {
            const float dx = larger(x - of.low_x[i], of.high_x[i] - x);
            const float dy = larger(y - of.low_y[i], of.high_y[i] - y);
            const float dz = larger(z - of.low_z[i], of.high_z[i] - z);
            squares[i] = dx * dx + dy * dy + dz * dz;
        }
    }
    void distances(const leaf& of, of_children& squares) const noexcept {
        for (std::uint32_t i = 0; i < fan_out; ++i) {
            const float dx = of.x[i] - x, dy = of.y[i] - y, dz = of.z[i] - z;
            squares[i] = dx * dx + dy * dy + dz * dz;
        }
    }

    void look_into_node(const spatial_index& index, std::size_t level, std::uint32_t place,
                        row_picker& picker, std::vector<found_row>& found) const {
        const node& here = index.levels_[level][place];
        of_children squares;
        nearest(here, squares);
        std::uint32_t children = within(squares, 0, outer_squared);
        if (inner_squared > 0) {
            farthest(here, squares);
            children &= within(squares, inner_squared, nowhere);
        }
        for (; children != 0; children &= children - 1) {
            const std::uint32_t child =
                place * fan_out + static_cast<std::uint32_t>(std::countr_zero(children));
            if (level == 0) {
                look_into_leaf(index, child, picker, found);
            } else {
                look_into_node(index, level - 1, child, picker, found);
            }
        }
    }

    void look_into_leaf(const spatial_index& index, std::uint32_t place, row_picker& picker,
                        std::vector<found_row>& found) const {
        of_children squares;
        distances(index.leaves_[place], squares);
        std::uint32_t rows = within(squares, inner_squared, outer_squared);
        if (rows == 0) return;
        const std::uint32_t first = place * fan_out;
        for (rows = picker.pick(first, rows); rows != 0; rows &= rows - 1) {
            const auto i = static_cast<std::uint32_t>(std::countr_zero(rows));
            found.push_back({squares[i], first + i});
        }
    }
};

void spatial_index::ring(const site& centre, double inner, double outer, row_picker& picker,
                         std::vector<found_row>& found) const {
    if (leaves_.empty()) return;
    centred_ring wanted(centre);
    wanted.inner_squared = squared(std::max(0.0, inner - slack_m(inner)));
    wanted.outer_squared = squared(outer + slack_m(outer));
    if (levels_.empty()) return wanted.look_into_leaf(*this, 0, picker, found);
    wanted.look_into_node(*this, levels_.size() - 1, 0, picker, found);
}

// Goes down to the smallest node around the centre that holds as many. Either all of it counts as evenly
// filled, or so many of its children have to lie within reach as hold that many, whichever is nearer.
double spatial_index::reach_of(const site& centre, double count) const noexcept {
    const centred_ring here(centre);
    double even = earth_diameter_m, held = 1;
    for (std::size_t level = 0; level < levels_.size(); ++level) held *= fan_out;
    std::uint32_t place = 0;
    for (std::size_t level = levels_.size(); level-- > 0; held /= fan_out) {
        const node& of = levels_[level][place];
        of_children squares;
        if (held < count) {
            here.farthest(of, squares);
            const auto needed =
                static_cast<std::ptrdiff_t>(std::min(std::ceil(count / held), double{fan_out}));
            std::nth_element(squares.begin(), squares.begin() + needed - 1, squares.end());
            return std::min(even, std::sqrt(double{squares[static_cast<std::size_t>(needed - 1)]}));
        }
        here.nearest(of, squares);
        const auto child =
            static_cast<std::uint32_t>(std::min_element(squares.begin(), squares.end()) - squares.begin());
        const double a = double{of.high_x[child]} - double{of.low_x[child]},
                     b = double{of.high_y[child]} - double{of.low_y[child]},
                     c = double{of.high_z[child]} - double{of.low_z[child]};
        // The surface's part of a box, exact where it is parallel to one of its sides; half of it is filled.
        const double area_m2 = std::sqrt(a * a * b * b + b * b * c * c + a * a * c * c) / 2;
        even = std::sqrt(double{squares[child]}) + std::sqrt(area_m2 * count / (held * std::numbers::pi));
        place = place * fan_out + child;
    }
    return even;
}

std::size_t spatial_index::bytes() const noexcept {
    std::size_t total = order_.capacity() * sizeof(std::uint32_t) + leaves_.capacity() * sizeof(leaf);
    for (const auto& level : levels_) total += level.capacity() * sizeof(node);
    return total;
}

}  // namespace qtable::geo
