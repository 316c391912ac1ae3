#include "geo/search.hpp"

#include <algorithm>
#include <cmath>

#include "geo/distance.hpp"
#include "geo/text.hpp"

namespace qtable::geo {
namespace {

// The first ring suits a city; each next one grows towards what the hits so far promise to suffice.
constexpr double first_ring_m = 400;
constexpr double slowest_growth = 1.3;
constexpr double fastest_growth = 4;
constexpr double hits_in_reserve = 1.5;

// One search. It gathers candidates ring by ring around the centre, in each ring takes them by chord from a
// heap, and stops as soon as no chord that is left can belong to a geodesic shorter than the last hit's.
class nearest_first {
  public:
    nearest_first(const catalogue& restaurants, const search_query& query, accept_function accept,
                  search_scratch& scratch, std::vector<hit>& hits)
        : restaurants_(restaurants),
          query_(query),
          accept_(accept),
          scratch_(scratch),
          hits_(hits),
          centre_(locate(query.centre)),
          wanted_(std::min(query.limit, restaurants.size()) + 1) {
        fold(query.cuisine_type, scratch.cuisine_folded);
        fold(query.name_part, scratch.name_folded);
        cuisine_bits_ = query.cuisine_type.empty() ? 0 : cuisine_mask(scratch.cuisine_folded);
    }

    bool run() {
        double inner = query_.after ? shortest_chord_m(std::max(0.0, query_.after->distance_m - 1)) : -1;
        double outer = std::max(inner, 0.0) + first_ring_m;
        while (true) {
            outer = std::min(outer, farthest_chord());
            gather(inner, outer);
            visit_ring();
            if (outer >= farthest_chord()) break;
            inner = outer;
            outer *= growth();
        }
        const bool more = hits_.size() > query_.limit;
        if (more) hits_.pop_back();
        return more;
    }

  private:
    bool is_full() const noexcept { return hits_.size() == wanted_; }

    // Beyond this chord nothing can be a hit any more.
    double farthest_chord() const noexcept {
        const double distance_m = is_full() ? hits_.back().distance_m + 1 : query_.radius_m;
        return std::min(longest_chord_m(distance_m), 1.001 * earth_diameter_m);
    }

    double growth() const noexcept {
        if (hits_.empty()) return fastest_growth;
        const double wanted = hits_in_reserve * static_cast<double>(wanted_);
        return std::clamp(std::sqrt(wanted / static_cast<double>(hits_.size())), slowest_growth,
                          fastest_growth);
    }

    // Fills the ring with what passes the filters and has a chord in (inner, outer].
    void gather(double inner, double outer) {
        scratch_.rows.clear();
        scratch_.ring.clear();
        restaurants_.index().ring(centre_, inner, outer, scratch_.rows);
        const auto rows = restaurants_.rows();
        for (const std::uint32_t i : scratch_.rows) {
            const double chord = chord_m(centre_, rows[i].where);
            if (chord > inner && chord <= outer && passes(rows[i]) && passes(i))
                scratch_.ring.push_back({chord, i});
        }
    }

    bool passes(const catalogue::row& row) const noexcept {
        if ((row.cuisines & cuisine_bits_) != cuisine_bits_) return false;
        if (query_.price_range != 0 && row.price_range != query_.price_range) return false;
        if (query_.min_rating > 0 && !(row.rating >= query_.min_rating)) return false;
        return !query_.box || query_.box->contains(row.where.at);
    }

    // The filters that read strings.
    bool passes(std::uint32_t row) {
        const listing& entry = restaurants_.listings()[row];
        if (!query_.name_part.empty() && entry.name_folded.find(scratch_.name_folded) == std::string::npos)
            return false;
        if (cuisine_bits_ == 0) return true;
        fold(entry.cuisine_type, scratch_.listing_folded);
        return has_cuisine(scratch_.listing_folded, scratch_.cuisine_folded);
    }

    void visit_ring() {
        auto& ring = scratch_.ring;
        const auto farther = [](const auto& a, const auto& b) { return a.chord_m > b.chord_m; };
        std::make_heap(ring.begin(), ring.end(), farther);
        while (!ring.empty()) {
            const auto nearest = ring.front();
            if (is_full() && shortest_geodesic_m(nearest.chord_m) > hits_.back().distance_m + 1) return;
            std::pop_heap(ring.begin(), ring.end(), farther);
            ring.pop_back();
            visit(nearest.row);
        }
    }

    void visit(std::uint32_t i) {
        const catalogue::row& row = restaurants_.rows()[i];
        const hit candidate{&restaurants_.listings()[i], geodesic_m(centre_, row.where)};
        if (candidate.distance_m > query_.radius_m) return;
        if (query_.after && !comes_before(query_.after->distance_m, query_.after->id, candidate)) return;
        if (is_full() && !comes_before(candidate, hits_.back())) return;
        if (!accept_(*candidate.entry, row.handle)) return;
        if (is_full()) hits_.pop_back();
        auto place = hits_.end();
        while (place != hits_.begin() && comes_before(candidate, *(place - 1))) --place;
        hits_.insert(place, candidate);
    }

    // The id is read only in a tie: it lies with the cold parts.
    static bool comes_before(const hit& a, const hit& b) noexcept {
        const double first = shown_m(a.distance_m), second = shown_m(b.distance_m);
        return first != second ? first < second : a.entry->id < b.entry->id;
    }
    static bool comes_before(double distance_m, const restaurant_id& id, const hit& b) noexcept {
        const double first = shown_m(distance_m), second = shown_m(b.distance_m);
        return first != second ? first < second : id < b.entry->id;
    }

    const catalogue& restaurants_;
    const search_query& query_;
    accept_function accept_;
    search_scratch& scratch_;
    std::vector<hit>& hits_;
    site centre_;
    std::size_t wanted_;  // the limit, and one more that tells whether there are more
    std::uint64_t cuisine_bits_ = 0;
};

}  // namespace

bool search(const catalogue& restaurants, const search_query& query, accept_function accept,
            search_scratch& scratch, std::vector<hit>& hits) {
    hits.clear();
    if (!is_valid(query.centre) || !(query.radius_m > 0) || query.limit == 0) return false;
    if (query.after && !(query.after->distance_m >= 0)) return false;
    return nearest_first(restaurants, query, accept, scratch, hits).run();
}

}  // namespace qtable::geo
