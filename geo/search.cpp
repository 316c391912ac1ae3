#include "geo/search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "geo/distance.hpp"
#include "geo/text.hpp"

namespace qtable::geo {
namespace {

// A ring is meant to hold what is missing and half as much again; one that gave little is followed by a wider
// one.
constexpr double rows_in_reserve = 1.5;
constexpr double narrowest_m = 20;
constexpr double slowest_growth = 1.3;
constexpr double fastest_growth = 4;
// So many rows are made ready at a time: their memory is fetched while others are looked at.
constexpr std::size_t rows_at_once = 32;

// One search. It finds rows ring by ring around the centre, visits each ring's by their chords, and stops as
// soon as no chord that is left can belong to a geodesic shorter than the last hit's.
class nearest_first final : private row_picker {
  public:
    nearest_first(const catalogue& restaurants, const search_query& query, row_filter& filter,
                  search_scratch& scratch, std::vector<hit>& hits)
        : restaurants_(restaurants),
          query_(query),
          filter_(filter),
          scratch_(scratch),
          hits_(hits),
          centre_(locate(query.centre)),
          wanted_(std::min(query.limit, restaurants.size()) + 1) {
        fold(query.cuisine_type, scratch.cuisine_folded);
        fold(query.name_part, scratch.name_folded);
        cuisine_bits_ = query.cuisine_type.empty() ? 0 : cuisine_mask(scratch.cuisine_folded);
        has_row_filters_ =
            cuisine_bits_ != 0 || query.price_range != 0 || query.min_rating > 0 || query.box.has_value();
        has_word_filters_ = cuisine_bits_ != 0 || !query.name_part.empty();
    }

    bool run() {
        double inner = query_.after ? shortest_chord_m(std::max(0.0, query_.after->distance_m - 1)) : -1;
        double outer = std::max(inner, 0.0) + first_width();
        while (true) {
            outer = std::min(outer, farthest_chord());
            scratch_.ring.clear();
            restaurants_.index().ring(centre_, inner, outer, *this, scratch_.ring);
            const std::size_t before = hits_.size();
            visit_ring(inner, outer);
            if (outer >= farthest_chord()) break;
            inner = outer;
            outer *= growth(before);
        }
        const bool more = hits_.size() > query_.limit;
        if (more) hits_.pop_back();
        return more;
    }

  private:
    bool is_full() const noexcept { return hits_.size() == wanted_; }

    double first_width() const noexcept {
        const double wanted = rows_in_reserve * static_cast<double>(wanted_);
        return std::max(restaurants_.index().reach_of(centre_, wanted), narrowest_m);
    }

    double growth(std::size_t hits_before) const noexcept {
        if (hits_.size() == hits_before) return fastest_growth;
        const double wanted = rows_in_reserve * static_cast<double>(wanted_);
        return std::clamp(std::sqrt(wanted / static_cast<double>(hits_.size())), slowest_growth,
                          fastest_growth);
    }

    // Beyond this chord nothing can be a hit any more.
    double farthest_chord() const noexcept {
        const double distance_m = is_full() ? hits_.back().distance_m + 1 : query_.radius_m;
        return std::min(longest_chord_m(distance_m), 1.001 * earth_diameter_m);
    }

    // Of a leaf's rows, those that pass the filters.
    std::uint32_t pick(std::uint32_t first, std::uint32_t rows) override {
        if (has_row_filters_) {
            rows = those_of(rows, [&](std::uint32_t i) { return passes(restaurants_.rows()[first + i]); });
        }
        if (rows != 0) rows = filter_.keep(first, rows);
        if (has_word_filters_) {
            rows = those_of(rows, [&](std::uint32_t i) { return passes(restaurants_.entry_of(first + i)); });
        }
        return rows;
    }

    template <class Passes>
    static std::uint32_t those_of(std::uint32_t rows, Passes passes) {
        std::uint32_t kept = rows;
        for (std::uint32_t left = rows; left != 0; left &= left - 1) {
            const auto i = static_cast<std::uint32_t>(std::countr_zero(left));
            if (!passes(i)) kept &= ~(1U << i);
        }
        return kept;
    }

    bool passes(const catalogue::row& row) const noexcept {
        if ((row.cuisines & cuisine_bits_) != cuisine_bits_) return false;
        if (query_.price_range != 0 && row.price_range != query_.price_range) return false;
        if (query_.min_rating > 0 && !(row.rating >= query_.min_rating)) return false;
        return !query_.box || query_.box->contains(row.where.at);
    }

    bool passes(const catalogue::entry& entry) const noexcept {
        if (!query_.name_part.empty() &&
            entry.name_folded().find(scratch_.name_folded) == std::string_view::npos)
            return false;
        return cuisine_bits_ == 0 || has_cuisine(entry.cuisine_folded(), scratch_.cuisine_folded);
    }

    struct nearer {
        bool operator()(const spatial_index::found_row& a, const spatial_index::found_row& b) const noexcept {
            return a.squared_m2 < b.squared_m2;
        }
    };

    // By chord, as far as it must go: each time twice as many are put in order, since few may be asked for.
    void visit_ring(double inner, double outer) {
        auto& ring = scratch_.ring;
        std::size_t ordered = 0, few = rows_at_once;
        for (std::size_t at = 0; at < ring.size();) {
            if (at == ordered) {
                ordered = std::min(at + few, ring.size());
                few *= 2;
                const auto from = ring.begin() + static_cast<std::ptrdiff_t>(at),
                           until = ring.begin() + static_cast<std::ptrdiff_t>(ordered);
                if (until != ring.end()) std::nth_element(from, until, ring.end(), nearer());
                std::sort(from, until, nearer());
            }
            const std::size_t missing = std::max<std::size_t>(wanted_ - hits_.size(), 1);
            const std::size_t until = std::min({ordered, at + rows_at_once, at + missing});
            make_ready(std::span(ring).subspan(at, until - at));
            for (; at < until; ++at) {
                if (is_full() && least_geodesic_m(ring[at]) > hits_.back().distance_m + 1) return;
                visit(ring[at].row, inner, outer);
            }
        }
    }

    static double least_geodesic_m(const spatial_index::found_row& of) noexcept {
        const double chord = std::sqrt(double{of.squared_m2});
        return shortest_geodesic_m(std::max(0.0, chord - spatial_index::slack_m(chord)));
    }

    void make_ready(std::span<const spatial_index::found_row> next) {
        for (const auto& each : next) __builtin_prefetch(&restaurants_.rows()[each.row]);
        filter_.prepare(next);
    }

    void visit(std::uint32_t row, double inner, double outer) {
        const site& where = restaurants_.rows()[row].where;
        // What single precision puts on the wrong side of the ring's edge is another ring's.
        const double chord = chord_m(centre_, where);
        if (chord <= inner || chord > outer) return;
        const hit candidate{&restaurants_.entry_of(row), row, geodesic_m(centre_, where, chord)};
        if (candidate.distance_m > query_.radius_m) return;
        if (query_.after && !comes_before(query_.after->distance_m, query_.after->id, candidate)) return;
        if (is_full() && !comes_before(candidate, hits_.back())) return;
        if (!filter_.accept(row)) return;
        if (is_full()) hits_.pop_back();
        hits_.push_back(candidate);
        for (std::size_t at = hits_.size() - 1; at > 0 && comes_before(hits_[at], hits_[at - 1]); --at)
            std::swap(hits_[at], hits_[at - 1]);
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
    row_filter& filter_;
    search_scratch& scratch_;
    std::vector<hit>& hits_;
    site centre_;
    std::size_t wanted_;  // the limit, and one more that tells whether there are more
    std::uint64_t cuisine_bits_ = 0;
    bool has_row_filters_ = false;
    bool has_word_filters_ = false;
};

}  // namespace

bool search(const catalogue& restaurants, const search_query& query, row_filter& filter,
            search_scratch& scratch, std::vector<hit>& hits) {
    hits.clear();
    if (!is_valid(query.centre) || !(query.radius_m > 0) || query.limit == 0) return false;
    // Nothing is farther than half the way round.
    if (query.after && !(query.after->distance_m >= 0 && query.after->distance_m < 2 * earth_diameter_m))
        return false;
    return nearest_first(restaurants, query, filter, scratch, hits).run();
}

}  // namespace qtable::geo
