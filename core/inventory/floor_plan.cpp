#include "core/inventory/floor_plan.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/assert.hpp"

namespace qtable {

floor_plan::floor_plan(const restaurant& source) : oversize_cap_(source.rules.oversize_cap) {
    QTABLE_ASSERT(source.tables.size() <= limits::tables_per_restaurant);
    std::vector<table_id> combinable;
    for (const table_combination& c : source.combinations) {
        combinable.insert(combinable.end(), c.table_ids.begin(), c.table_ids.end());
    }
    std::sort(combinable.begin(), combinable.end());

    using order_key = std::tuple<int, bool, std::string_view, table_id, const table*>;
    std::vector<order_key> order;
    order.reserve(source.tables.size());
    for (const table& t : source.tables) {
        const bool combines = std::binary_search(combinable.begin(), combinable.end(), t.id);
        order.emplace_back(t.capacity, combines, t.label, t.id, &t);
    }
    std::sort(order.begin(), order.end());

    for (const order_key& key : order) {
        const table& t = *std::get<const table*>(key);
        const auto at = static_cast<table_index>(ids_.size());
        ids_.push_back(t.id);
        seats_.push_back({t.capacity, t.min_party});
        indexes_.emplace_back(t.id, at);
        if (t.status == table_status::out_of_service) continue;
        sellable_.add(at);
        largest_capacity_ = std::max(largest_capacity_, t.capacity);
    }
    std::sort(indexes_.begin(), indexes_.end());
    add_combinations(source);

    party_sizes_ = std::min({source.rules.max_party, largest_capacity_, limits::party_size_max});
    party_sizes_ = std::max(party_sizes_, 0);
    fitting_.assign(static_cast<std::size_t>(party_sizes_) * words(), 0);
    for (table_index at = 0; at < ids_.size(); ++at) {
        if (!sellable_.has(at)) continue;
        for (int party = 1; party <= party_sizes_; ++party) {
            if (!fits(seats_[at].capacity, seats_[at].min_party, party)) continue;
            fitting_[static_cast<std::size_t>(party - 1) * words() + at / 64U] |= std::uint64_t{1}
                                                                                  << (at % 64U);
        }
    }
}

void floor_plan::add_combinations(const restaurant& source) {
    std::vector<const table_combination*> order;
    for (const table_combination& c : source.combinations) order.push_back(&c);
    std::sort(order.begin(), order.end(), [](const table_combination* a, const table_combination* b) {
        return std::tie(a->capacity, a->label, a->id) < std::tie(b->capacity, b->label, b->id);
    });
    for (const table_combination* c : order) {
        combination compiled{c->capacity, c->min_party, {}};
        QTABLE_ASSERT(c->table_ids.size() <= limits::tables_per_combination);
        for (const table_id& member : c->table_ids) {
            const auto at = index_of(member);
            if (at && sellable_.has(*at)) compiled.tables.push_back(*at);
        }
        if (c->table_ids.empty() || compiled.tables.size() != c->table_ids.size()) continue;
        std::sort(compiled.tables.begin(), compiled.tables.end());
        largest_capacity_ = std::max(largest_capacity_, c->capacity);
        combinations_.push_back(std::move(compiled));
    }
}

std::optional<table_index> floor_plan::index_of(const table_id& id) const noexcept {
    const auto found =
        std::lower_bound(indexes_.begin(), indexes_.end(), id,
                         [](const auto& entry, const table_id& key) { return entry.first < key; });
    if (found == indexes_.end() || found->first != id) return std::nullopt;
    return found->second;
}

bool floor_plan::fits(int capacity, int min_party, int party_size) const noexcept {
    return capacity >= party_size && min_party <= party_size &&
           (oversize_cap_ == 0 || capacity - party_size <= oversize_cap_);
}

// Greedy and disjoint: each combination that is taken takes its tables from those after it.
template <class Take>
void floor_plan::for_each_free_combination(const table_set& free, int party_size,
                                           Take&& take) const noexcept {
    table_set left = free;
    const auto is_free = [&left](table_index table) { return left.has(table); };
    for (const combination& c : combinations_) {
        if (!fits(c.capacity, c.min_party, party_size)) continue;
        if (!std::all_of(c.tables.begin(), c.tables.end(), is_free)) continue;
        for (const table_index table : c.tables)
            left.words[table / 64U] &= ~(std::uint64_t{1} << (table % 64U));
        take(c.tables);
    }
}

// The single tables that fit; a party above those listed (staff may seat one) is looked up table by table.
std::uint64_t floor_plan::fitting_word(std::size_t word, int party_size) const noexcept {
    if (party_size <= party_sizes_) {
        return fitting_[static_cast<std::size_t>(party_size - 1) * words() + word];
    }
    std::uint64_t found = 0;
    for (std::size_t at = word * 64; at < std::min(ids_.size(), word * 64 + 64); ++at) {
        const bool seats_party = sellable_.has(static_cast<table_index>(at)) &&
                                 fits(seats_[at].capacity, seats_[at].min_party, party_size);
        found |= std::uint64_t{seats_party} << (at % 64);
    }
    return found;
}

int floor_plan::count(const table_set& free, int party_size) const noexcept {
    int found = 0;
    for (std::size_t w = 0; w < words(); ++w)
        found += std::popcount(free.words[w] & fitting_word(w, party_size));
    if (found == 0) for_each_free_combination(free, party_size, [&found](const chosen_tables&) { ++found; });
    return found;
}

chosen_tables floor_plan::choose(const table_set& free, int party_size) const noexcept {
    chosen_tables chosen;
    for (std::size_t w = 0; w < words(); ++w) {
        const std::uint64_t candidates = free.words[w] & fitting_word(w, party_size);
        if (candidates == 0) continue;
        chosen.push_back(
            static_cast<table_index>(w * 64 + static_cast<std::size_t>(std::countr_zero(candidates))));
        return chosen;
    }
    for_each_free_combination(free, party_size, [&chosen](const chosen_tables& tables) {
        if (chosen.empty()) chosen = tables;
    });
    return chosen;
}

std::size_t floor_plan::bytes() const noexcept {
    return sizeof(*this) + ids_.capacity() * (sizeof(table_id) + sizeof(seats)) +
           indexes_.capacity() * sizeof(indexes_[0]) + fitting_.capacity() * sizeof(std::uint64_t) +
           combinations_.capacity() * sizeof(combination);
}

}  // namespace qtable
