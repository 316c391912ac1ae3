#include "geo/catalogue.hpp"

#include <limits>
#include <utility>

#include "core/base/assert.hpp"
#include "geo/text.hpp"

namespace qtable::geo {

catalogue::placed::placed(std::span<const listing> listings) {
    QTABLE_ASSERT(listings.size() < std::numeric_limits<std::uint32_t>::max());
    positions.reserve(listings.size());
    sites.reserve(listings.size());
    for (std::uint32_t i = 0; i < listings.size(); ++i) {
        if (!is_valid(listings[i].at)) continue;
        positions.push_back(i);
        sites.push_back(locate(listings[i].at));
    }
}

catalogue::catalogue(std::vector<listing> listings) : catalogue(std::move(listings), placed(listings)) {}

// Listings are copied, not moved: their strings come to lie in the same order as the listings.
catalogue::catalogue(std::vector<listing>&& listings, const placed& with_place) : index_(with_place.sites) {
    rows_.reserve(with_place.sites.size());
    listings_.reserve(listings.size());
    by_id_.reserve(listings.size());
    std::string folded;
    const auto add = [&](const listing& from) {
        listing& to = listings_.emplace_back(from);
        fold(to.name, folded);
        to.name_folded = folded;
        const bool is_new = by_id_.emplace(to.id, static_cast<std::uint32_t>(listings_.size() - 1)).second;
        QTABLE_ASSERT(is_new);
    };
    for (const std::uint32_t position : index_.order()) {
        const listing& from = listings[with_place.positions[position]];
        add(from);
        fold(from.cuisine_type, folded);
        rows_.push_back(
            {with_place.sites[position], cuisine_mask(folded), from.rating, from.handle, from.price_range});
    }
    for (const listing& from : listings) {
        if (!is_valid(from.at)) add(from);
    }
}

const listing* catalogue::find(const restaurant_id& id) const noexcept {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &listings_[found->second];
}

}  // namespace qtable::geo
