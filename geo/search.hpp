// Nearest-first search over a catalogue: within a radius, through the filters, page by page. Any core, each
// with its own scratch. No allocation once scratch and hits have grown to their working size. Order: geodesic
// distance, then id; both are totally ordered, so a page that continues `after` a hit neither repeats nor
// skips. The cursor carries the distance as the exact double: pass on its bits, not its shown decimals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/catalogue.hpp"
#include "geo/point.hpp"

namespace qtable::geo {

// The distance that orders, and that a client sees (kilometres with three decimals).
inline double shown_m(double distance_m) noexcept {
    return static_cast<double>(static_cast<std::int64_t>(distance_m + 0.5));
}

struct cursor {
    double distance_m = 0;
    restaurant_id id;
};

struct search_query {
    point centre;
    double radius_m = 0;  // its edge belongs to it
    std::optional<bounding_box> box;
    std::string_view cuisine_type;  // empty = any; compared folded, with each of a listing's cuisines
    std::uint8_t price_range = 0;   // 0 = any
    double min_rating = 0;          // 0 = any; else a listing without rating doesn't match
    std::string_view name_part;     // empty = any; found anywhere in the name, both folded
    std::size_t limit = 0;
    std::optional<cursor> after;
};

struct hit {
    const catalogue::entry* entry = nullptr;
    std::uint32_t row = 0;
    double distance_m = 0;
};

// What is asked of rows besides the query, by whoever knows more about them. Asked during `search` only.
class row_filter {
  public:
    // Of the rows first … first + 15, those with a bit in `rows` lie within reach. Clears the bits of rows
    // that `accept` would surely refuse: cheap, and asked of more rows than `accept`.
    virtual std::uint32_t keep(std::uint32_t /*first*/, std::uint32_t rows) { return rows; }
    // These are going to be visited, most likely: what `accept` will read of them may be fetched meanwhile.
    virtual void prepare(std::span<const spatial_index::found_row> /*next*/) {}
    // Called last of all, at most once for a row, nearest first (give or take a metre), and for hardly more
    // than the hits and those it refuses.
    virtual bool accept(std::uint32_t row) = 0;

  protected:
    ~row_filter() = default;
};

class accept_all final : public row_filter {
  public:
    bool accept(std::uint32_t /*row*/) override { return true; }
};

// What a search needs besides its answer; keep one per core.
struct search_scratch {
    std::vector<spatial_index::found_row> ring;
    std::string cuisine_folded;
    std::string name_folded;
};

// Replaces `hits` by at most `limit` hits. Returns whether there are more after them.
// A centre or cursor that is not valid, or a radius that is not positive, finds nothing.
bool search(const catalogue& restaurants, const search_query& query, row_filter& filter,
            search_scratch& scratch, std::vector<hit>& hits);

}  // namespace qtable::geo
