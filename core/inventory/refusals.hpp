// What search knows of restaurants without a look at them: which of 64 neighbours surely refuse a party at
// some time of a day. A bit that is set tells the truth, one that isn't tells nothing: then `can_seat` is
// asked. So those that are sold out or closed, which a search may come upon by the thousand, cost it a bit
// each, and 64 of them a few cache lines. Four kinds of bits: the week's hours have no start in that half
// hour; the house never takes that party; that day isn't as the week says (special days, published slots), so
// the first kind doesn't count; what the day would offer is sold out. Owner: each restaurant's own core
// writes its bits, through `refusal_place`; a word has those of 64 restaurants, so that its writes are atomic
// operations. Any core: `refused`. Bounds: 4.4 KB a block, and 3.1 KB for each of at most `days_kept` days on
// which one of the 64 is sold out for something.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/time.hpp"
#include "core/inventory/day_board.hpp"
#include "core/inventory/restaurant_view.hpp"

namespace qtable {

using retired = std::shared_ptr<const void>;

constexpr int half_hours_a_day = 48;
constexpr int refused_party_classes = 8;  // 1, 2, 3, 4, 5, 6, 7–8, more

// For each class of parties the half hours (a bit each, of the wall clock) in which the day has starts for
// them and none is available.
using sold_out_half_hours = std::array<std::uint64_t, refused_party_classes>;
sold_out_half_hours sold_out_on(const restaurant_view& view, const day_board& board) noexcept;
constexpr std::uint64_t half_hour_bit(int minute) noexcept {
    return std::uint64_t{1} << (minute % minutes_per_day / 30);
}

// What a search asks, prepared once: a party between two minutes of a business day, or a day later.
class refusal_question {
  public:
    // `last_min - first_min` below a day; `first_min` may be before the day.
    refusal_question(date day, int first_min, int last_min, int party_size) noexcept;

  private:
    friend class refusal_block;
    qtable::date day_;
    std::size_t weekday_, party_, class_;
    std::size_t first_half_hour_, half_hours_;
};

class refusal_block {
  public:
    static constexpr unsigned places = 64;
    static constexpr std::size_t days_kept = 128;

    refusal_block() = default;
    ~refusal_block();
    refusal_block(const refusal_block&) = delete;
    refusal_block& operator=(const refusal_block&) = delete;

    // Bit [place]: surely no table for that party.
    std::uint64_t refused(const refusal_question& asked) const noexcept;
    std::size_t bytes() const noexcept;

    static constexpr std::size_t sizes_told = 20;  // the last also stands for all larger ones
    static constexpr std::size_t size_index(int party_size) noexcept {
        return std::min(static_cast<std::size_t>(std::max(party_size, 1)), sizes_told) - 1;
    }

  private:
    friend class refusal_place;
    using word = std::atomic<std::uint64_t>;
    struct sold_out_day {
        explicit sold_out_day(qtable::date on) : date(on) {}
        const qtable::date date;
        std::array<std::array<word, half_hours_a_day>, refused_party_classes> words{};
    };
    static constexpr std::size_t odd_words = 64;

    static std::size_t kept_at(date day) noexcept { return static_cast<std::uint32_t>(day.days) % days_kept; }

    std::array<std::array<word, half_hours_a_day>, 7> closed_{};  // [weekday]
    std::array<word, sizes_told> never_{};                        // [party size - 1]
    std::array<word, odd_words> odd_{};  // [day modulo the count]: a few other days are taken for odd too
    // A day stands where its number modulo the count says; of two that meet, the nearer that isn't over.
    std::array<std::atomic<sold_out_day*>, days_kept> sold_out_{};
};

// The bits of one restaurant. Its owner core.
class refusal_place {
  public:
    refusal_place() = default;
    refusal_place(refusal_block* of, unsigned place) noexcept : block_(of), bit_(std::uint64_t{1} << place) {}

    explicit operator bool() const noexcept { return block_ != nullptr; }
    friend bool operator==(const refusal_place&, const refusal_place&) = default;

    // Hours and parties; `odd_days`: those that are not as the week says.
    void show_week(const restaurant_view& view, std::span<const date> odd_days) noexcept;
    // Of one day's half hours in `which`. Days before `over` make room for others; what readers may still
    // look at is appended to `out`.
    void show_day(date day, const sold_out_half_hours& sold_out, std::uint64_t which, date over,
                  std::vector<retired>& out);
    // Nothing is sold out that day; on no day.
    void clear_day(date day) noexcept;
    void clear_days() noexcept;
    void forget_before(date day, std::vector<retired>& out);

    static constexpr std::uint64_t all_half_hours = (std::uint64_t{1} << half_hours_a_day) - 1;

  private:
    using sold_out_day = refusal_block::sold_out_day;
    sold_out_day* find(date day) const noexcept;
    sold_out_day* find_or_make(date day, date over, std::vector<retired>& out);
    void clear(sold_out_day& day) noexcept;
    void set(refusal_block::word& in, bool is_set) noexcept;

    refusal_block* block_ = nullptr;
    std::uint64_t bit_ = 0;
};

}  // namespace qtable
