// Nearest-first search over a catalogue: within a radius, through the filters, page by page. Any core, each
// with its own scratch. No allocation once scratch and hits have grown to their working size. Order: geodesic
// distance, then id; both are totally ordered, so a page that continues `after` a hit neither repeats nor
// skips. The cursor carries the distance as the exact double: pass on its bits, not its shown decimals.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "geo/catalogue.hpp"
#include "geo/point.hpp"

namespace qtable::geo {

// The distance that orders, and that a client sees (kilometres with three decimals).
inline double shown_m(double distance_m) noexcept {
    return std::round(distance_m);
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
    const listing* entry = nullptr;
    double distance_m = 0;
};

// Non-owning view of a callable bool(const listing&, std::uint32_t handle), for the length of one search. It
// is called last of all filters, at most once for a listing, nearest first, and for hardly more than the hits
// and those it refuses.
class accept_function {
  public:
    template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, accept_function> &&
             std::is_invocable_r_v<bool, F&, const listing&, std::uint32_t>) accept_function(F&& callable)
    noexcept
        : object_(const_cast<void*>(static_cast<const volatile void*>(std::addressof(callable)))),
          call_([](void* object, const listing& entry, std::uint32_t handle) -> bool {
              return (*static_cast<std::remove_reference_t<F>*>(object))(entry, handle);
          }) {}

    bool operator()(const listing& entry, std::uint32_t handle) const {
        return call_(object_, entry, handle);
    }

  private:
    void* object_;
    bool (*call_)(void*, const listing&, std::uint32_t);
};

inline constexpr auto accept_all = [](const listing&, std::uint32_t) noexcept { return true; };

// What a search needs besides its answer; keep one per core.
struct search_scratch {
    struct candidate {
        double chord_m;
        std::uint32_t row;
    };
    std::vector<std::uint32_t> rows;
    std::vector<candidate> ring;
    std::string cuisine_folded;
    std::string name_folded;
    std::string listing_folded;
};

// Replaces `hits` by at most `limit` hits. Returns whether there are more after them.
// A centre or cursor that is not valid, or a radius that is not positive, finds nothing.
bool search(const catalogue& restaurants, const search_query& query, accept_function accept,
            search_scratch& scratch, std::vector<hit>& hits);

}  // namespace qtable::geo
