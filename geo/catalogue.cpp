#include "geo/catalogue.hpp"

#include <cstring>
#include <limits>
#include <new>
#include <type_traits>

#include "core/base/assert.hpp"
#include "geo/text.hpp"

namespace qtable::geo {

static_assert(std::is_trivially_destructible_v<catalogue::entry>);
static_assert(alignof(catalogue::entry) <= alignof(std::uint64_t));

catalogue::placed::placed(std::span<const listing* const> all) {
    QTABLE_ASSERT(all.size() < std::numeric_limits<std::uint32_t>::max());
    listings.reserve(all.size());
    sites.reserve(all.size());
    for (const listing* each : all) {
        if (!is_valid(each->at)) continue;
        listings.push_back(each);
        sites.push_back(locate(each->at));
    }
}

std::shared_ptr<const catalogue> catalogue::build(std::span<const listing> listings) {
    std::vector<const listing*> all;
    all.reserve(listings.size());
    for (const listing& each : listings) all.push_back(&each);
    return build(all);
}

catalogue::catalogue(std::span<const listing* const> listings) : catalogue(placed(listings)) {}

catalogue::catalogue(const placed& with_place) : index_(with_place.sites) {
    rows_.reserve(with_place.sites.size());
    std::size_t words = 0;
    for (const listing* each : with_place.listings) words += words_of(*each);
    entries_.reserve(words);
    for (const std::uint32_t position : index_.order())
        add(*with_place.listings[position], with_place.sites[position]);
}

// Folding never makes a text longer.
std::size_t catalogue::words_of(const listing& from) noexcept {
    const std::size_t bytes = sizeof(entry) + from.name.size() + from.cuisine_type.size() + from.json.size();
    return (bytes + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t);
}

void catalogue::add(const listing& from, const site& where) {
    std::string name, cuisine;
    fold(from.name, name);
    fold(from.cuisine_type, cuisine);
    const std::size_t at = entries_.size();
    QTABLE_ASSERT(at < std::numeric_limits<std::uint32_t>::max());
    entries_.resize(at + words_of(from));

    entry* const made = new (entries_.data() + at) entry;
    made->id = from.id;
    made->handle = from.handle;
    made->at = from.at;
    char* texts = reinterpret_cast<char*>(made + 1);
    const auto append = [&texts](std::string_view text) {
        std::memcpy(texts, text.data(), text.size());
        texts += text.size();
        return static_cast<std::uint32_t>(text.size());
    };
    made->name_bytes_ = append(name);
    made->cuisine_bytes_ = append(cuisine);
    made->json_bytes_ = append(from.json);
    rows_.push_back(
        {where, cuisine_mask(cuisine), from.rating, static_cast<std::uint32_t>(at), from.price_range});
}

std::size_t catalogue::bytes() const noexcept {
    return index_.bytes() + rows_.capacity() * sizeof(row) + entries_.capacity() * sizeof(std::uint64_t);
}

}  // namespace qtable::geo
