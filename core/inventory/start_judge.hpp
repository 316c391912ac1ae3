// What every party size is told at the starts of one day, start after start: the feasibility function as the
// publication asks it. A question that was asked at the start before is not asked again: while the same
// tables are free, most starts of a day are alike. Owner core only; lives for one computation over an
// inventory that doesn't change meanwhile. No allocation below about a hundred tables.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <optional>
#include <span>

#include "core/base/limits.hpp"
#include "core/inventory/feasibility.hpp"
#include "core/inventory/occupancy.hpp"
#include "core/inventory/restaurant_view.hpp"

namespace qtable {

class start_judge {
  public:
    // For parties of 1…`parties`, at starts from `first` to `last`. Where slots are published, each start is
    // judged by itself.
    start_judge(const restaurant_view& view, const occupancy& taken, int parties, instant first, instant last,
                bool has_slots);

    // Parties that stay as long as each other, and so ask for the same tables.
    struct stay {
        int first_party = 0;
        int last_party = 0;
        int turn_min = 0;
        bool has_room = false;
        bool is_as_before = false;  // each of them is told what it was told at the start before
        bool is_empty = false;      // no table is taken
        table_set taken, free;
    };

    void go_to(const day_start& start, pacing_load load);
    std::span<const stay> stays() const noexcept { return {stays_.data(), stays_.size()}; }
    // At the start that it went to. `slot`: what is published there for the party.
    cell published(const stay& of, int party_size, const std::optional<slot_offer>& slot);
    // What it said last for that party.
    cell said(int party_size) const noexcept { return answers_[static_cast<std::size_t>(party_size - 1)]; }

  private:
    bool note_taken(stay& of, const table_set& taken) const noexcept;

    const restaurant_view& view_;
    table_set all_;
    taken_by_time taken_;
    boost::container::static_vector<stay, limits::party_size_max> stays_;
    std::array<cell, limits::party_size_max> answers_;  // [party size - 1], of the start before
    day_start start_;
    pacing_load load_;
    bool has_slots_;
    bool is_first_ = true;
};

}  // namespace qtable
