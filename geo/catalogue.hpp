// Immutable snapshot of the public restaurants: what a search reads. Built in one go, off the cores that
// serve; then read by any thread through std::shared_ptr<const catalogue>, each core holding its own pointer,
// without a lock. Whoever drops the last pointer frees it all, which takes some 10 ms per 100,000 listings:
// let that not be a serving core. Layout: rows and listings lie in the R-tree's order, so a search's
// neighbours are neighbours in memory. What filters and distances read (64 bytes a row, one cache line) lies
// apart from the strings that only hits need.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "geo/distance.hpp"
#include "geo/point.hpp"
#include "geo/spatial_index.hpp"

namespace qtable::geo {

struct listing {
    restaurant_id id;
    point at;  // not valid = the restaurant has no place yet: find() knows it, no search finds it
    std::string name;
    std::string name_folded;  // computed by the build from `name` (geo/text.hpp)
    std::string cuisine_type;
    std::uint8_t price_range = 0;  // 0 unknown, 1–4
    double rating = 0;             // 0 or NaN = none
    std::uint32_t review_count = 0;
    std::string json;          // ready-made members of a result line; opaque here
    std::uint32_t handle = 0;  // index of the restaurant's live state; opaque here
};

class catalogue {
  public:
    // What a search reads of every candidate.
    struct row {
        site where;
        std::uint64_t cuisines = 0;  // cuisine_mask (geo/text.hpp)
        double rating = 0;
        std::uint32_t handle = 0;
        std::uint8_t price_range = 0;
    };
    static_assert(sizeof(row) == 64);

    // The ids must be distinct.
    static std::shared_ptr<const catalogue> build(std::vector<listing> listings) {
        return std::make_shared<const catalogue>(std::move(listings));
    }
    explicit catalogue(std::vector<listing> listings);

    const listing* find(const restaurant_id& id) const noexcept;
    // In spatial order; those without a place last.
    std::span<const listing> listings() const noexcept { return listings_; }
    std::size_t size() const noexcept { return listings_.size(); }

    // For the search: rows()[i] belongs to listings()[i], and is what index() calls row i.
    std::span<const row> rows() const noexcept { return rows_; }
    const spatial_index& index() const noexcept { return index_; }

  private:
    // The positions of those that have a place, and their sites.
    struct placed {
        explicit placed(std::span<const listing> listings);
        std::vector<std::uint32_t> positions;
        std::vector<site> sites;
    };
    catalogue(std::vector<listing>&& listings, const placed& with_place);

    spatial_index index_;
    std::vector<row> rows_;
    std::vector<listing> listings_;
    boost::unordered_flat_map<restaurant_id, std::uint32_t, id_hash> by_id_;
};

}  // namespace qtable::geo
