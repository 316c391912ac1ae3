// Which tables and combinations can seat which party, in the order in which they are given away: the one
// place of table choice. Built from a restaurant's tables, combinations and rules, then immutable; any core.
// Depends on no booking. Order: the smallest capacity first; at equal capacity tables that belong to no
// combination first (combinables stay together); then label, then id. A combination only where no single
// table is left, by capacity, label, id. A table's index is its place in that order. Out-of-service tables
// keep an index, and are never chosen.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/inventory/table_set.hpp"
#include "core/model/restaurant.hpp"

namespace qtable {

using chosen_tables = boost::container::static_vector<table_index, limits::tables_per_combination>;

class floor_plan {
  public:
    explicit floor_plan(const restaurant& source);

    std::size_t table_count() const noexcept { return ids_.size(); }
    std::size_t words() const noexcept { return (ids_.size() + 63) / 64; }
    const table_id& id_of(table_index table) const noexcept { return ids_[table]; }
    std::optional<table_index> index_of(const table_id& id) const noexcept;
    bool is_sellable(table_index table) const noexcept { return sellable_.has(table); }
    const table_set& sellable() const noexcept { return sellable_; }

    // The largest party that any table or combination seats; 0 without tables.
    int largest_capacity() const noexcept { return largest_capacity_; }
    // Parties of 1…this many have choices listed: within the rules and the largest capacity.
    int party_sizes() const noexcept { return party_sizes_; }

    // For a party of at least 1, out of the tables in `free` (quickest within party_sizes()):
    // how many single tables fit, or, when none does, how many combinations that share no table;
    int count(const table_set& free, int party_size) const noexcept;
    // and which to take: the first single table, else the first combination; empty when nothing fits.
    chosen_tables choose(const table_set& free, int party_size) const noexcept;

    std::size_t bytes() const noexcept;

  private:
    struct combination {
        int capacity = 0;
        int min_party = 1;
        chosen_tables tables;
    };
    void add_combinations(const restaurant& source);
    bool fits(int capacity, int min_party, int party_size) const noexcept;
    std::uint64_t fitting_word(std::size_t word, int party_size) const noexcept;
    template <class Take>
    void for_each_free_combination(const table_set& free, int party_size, Take&& take) const noexcept;

    struct seats {
        int capacity = 0;
        int min_party = 1;
    };
    std::vector<table_id> ids_;                              // by index
    std::vector<seats> seats_;                               // likewise
    std::vector<std::pair<table_id, table_index>> indexes_;  // sorted by id
    std::vector<std::uint64_t> fitting_;                     // [party size - 1][word]: single tables that fit
    std::vector<combination> combinations_;                  // sellable ones, in order
    table_set sellable_;
    int largest_capacity_ = 0;
    int party_sizes_ = 0;
    int oversize_cap_ = 0;
};

}  // namespace qtable
