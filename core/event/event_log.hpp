// The numbering of one restaurant's log, and its newest rows in memory for sockets that resume.
// Owner: the restaurant's core. Bounds: `limits::events_in_memory_per_restaurant` rows; older ones are in the
// database. An epoch of 0: no log yet. Invariants: numbers follow each other without gaps; what is kept was
// committed, in order of seq.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/base/mutant.hpp"
#include "core/event/event.hpp"

namespace qtable {

class event_log {
  public:
    event_log() = default;
    event_log(std::uint64_t epoch, std::int64_t last_seq, std::int64_t last_public_seq)
        : epoch_(epoch), decided_{last_seq, last_public_seq}, released_{last_seq, last_public_seq} {}

    std::uint64_t epoch() const noexcept { return epoch_; }
    // Numbers the row: the next seq, and the next public one if it is for the public stream.
    void number(logged_event& row, bool is_public) noexcept;

    // What was numbered and not released is forgotten: it did not become durable.
    void restart_numbering() noexcept {
        decided_ = released_;
        if (mutant_on(mutant::numbers_again)) --decided_.seq;
    }

    // The last row that was told to others.
    std::int64_t released_seq() const noexcept { return released_.seq; }
    std::int64_t released_public_seq() const noexcept { return released_.public_seq; }
    // Null: memory keeps none.
    const logged_event* last_released() const noexcept { return newest_.empty() ? nullptr : &newest_.back(); }
    // A committed row; rows come in order.
    void release(const logged_event& row);

    // The released rows after `since`, in order; nullopt when memory doesn't reach back that far.
    // With `is_public` both `since` and the rows are of the public stream.
    std::optional<std::vector<logged_event>> since(std::int64_t since, bool is_public) const;

  private:
    struct position {
        std::int64_t seq = 0;
        std::int64_t public_seq = 0;
    };

    std::uint64_t epoch_ = 0;
    position decided_;  // what the owner numbered, committed or not
    position released_;
    std::deque<logged_event> newest_;
};

}  // namespace qtable
