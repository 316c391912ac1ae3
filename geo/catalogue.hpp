// Immutable snapshot of the public restaurants: what a search reads. Built in one go, off the cores that
// serve; then read by any thread through std::shared_ptr<const catalogue>, each core holding its own pointer,
// without a lock. Layout: rows and entries lie in the spatial index's order, so a search's neighbours are
// neighbours in memory. What filters and distances read (64 bytes a row, one cache line) lies apart from what
// only hits need: one record each, its texts right behind it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "geo/distance.hpp"
#include "geo/point.hpp"
#include "geo/spatial_index.hpp"

namespace qtable::geo {

// What a build is given.
struct listing {
    restaurant_id id;
    point at;  // not valid = the restaurant has no place yet: it is left out
    std::string name;
    std::string cuisine_type;
    std::uint8_t price_range = 0;  // 0 unknown, 1–4
    double rating = 0;             // 0 or NaN = none
    std::string json;              // ready-made members of a result line; opaque here
    std::uint32_t handle = 0;      // whatever the builder knows the restaurant by; opaque here
};

class catalogue {
  public:
    // What a search reads of every candidate.
    struct row {
        site where;
        std::uint64_t cuisines = 0;  // cuisine_mask (geo/text.hpp)
        double rating = 0;
        std::uint32_t entry_at = 0;  // in words
        std::uint8_t price_range = 0;
    };
    static_assert(sizeof(row) == 64);

    // What hits need, and filters by words. Followed in memory by its three texts.
    class entry {
      public:
        restaurant_id id;
        std::uint32_t handle = 0;
        point at;

        std::string_view name_folded() const noexcept { return {texts(), name_bytes_}; }
        std::string_view cuisine_folded() const noexcept { return {texts() + name_bytes_, cuisine_bytes_}; }
        std::string_view json() const noexcept {
            return {texts() + name_bytes_ + cuisine_bytes_, json_bytes_};
        }

      private:
        friend class catalogue;
        const char* texts() const noexcept { return reinterpret_cast<const char*>(this + 1); }
        std::uint32_t name_bytes_ = 0, cuisine_bytes_ = 0, json_bytes_ = 0;
    };

    static std::shared_ptr<const catalogue> build(std::span<const listing* const> listings) {
        return std::make_shared<const catalogue>(listings);
    }
    static std::shared_ptr<const catalogue> build(std::span<const listing> listings);
    explicit catalogue(std::span<const listing* const> listings);

    // In spatial order; entry_of(i) belongs to rows()[i], which is what index() calls row i.
    std::size_t size() const noexcept { return rows_.size(); }
    std::span<const row> rows() const noexcept { return rows_; }
    const entry& entry_of(std::size_t which) const noexcept {
        return *reinterpret_cast<const entry*>(entries_.data() + rows_[which].entry_at);
    }
    // Begins to fetch what a hit's line needs, as much as is worth it.
    void fetch(std::size_t which) const noexcept {
        const std::uint64_t* const from = entries_.data() + rows_[which].entry_at;
        const std::uint64_t* const until =
            which + 1 < rows_.size() ? entries_.data() + rows_[which + 1].entry_at : from + words_a_line;
        const std::uint64_t* const enough = std::min(until, from + lines_fetched * words_a_line);
        for (const std::uint64_t* at = from; at < enough; at += words_a_line) __builtin_prefetch(at);
    }
    const spatial_index& index() const noexcept { return index_; }

    std::size_t bytes() const noexcept;

  private:
    static constexpr std::ptrdiff_t words_a_line = 8;
    static constexpr std::ptrdiff_t lines_fetched = 16;

    // Those that have a place, and their sites.
    struct placed {
        explicit placed(std::span<const listing* const> all);
        std::vector<const listing*> listings;
        std::vector<site> sites;
    };
    explicit catalogue(const placed& with_place);
    static std::size_t words_of(const listing& from) noexcept;
    void add(const listing& from, const site& where);

    spatial_index index_;
    std::vector<row> rows_;
    std::vector<std::uint64_t> entries_;  // one after the other
};

}  // namespace qtable::geo
