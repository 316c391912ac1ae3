// Rows of a batch in the order of their keys: every writer takes the same rows in the same order. Pure; any
// thread.
#pragma once

#include <algorithm>
#include <vector>

namespace qtable::storage {

// Pointers to the items that `wanted` takes, in the order of `key`.
template <class Item, class Key, class Wanted>
std::vector<const Item*> sorted(const std::vector<Item>& items, Key key, Wanted wanted) {
    std::vector<const Item*> out;
    out.reserve(items.size());
    for (const Item& item : items) {
        if (wanted(item)) out.push_back(&item);
    }
    std::sort(out.begin(), out.end(), [&](const Item* a, const Item* b) { return key(*a) < key(*b); });
    return out;
}

inline constexpr auto all = [](const auto&) { return true; };

}  // namespace qtable::storage
