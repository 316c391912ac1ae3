// One evening played from now on, many times: tables come free, reservations take theirs, the host seats who
// waits. First in line gets the first table that fits its party and its whole stay; who is behind passes when
// a table doesn't fit those ahead. Any core; lives for one estimate, borrows its arguments.
// Bounds: events end at closing or after `limits::quoted_max_min`; all memory is taken at construction, but
// for the queue of events, which grows once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/waitlist/stay_model.hpp"
#include "core/waitlist/wait_estimate.hpp"

namespace qtable {

class floor_play {
  public:
    floor_play(const floor_now& floor, std::span<const waiting_party> waiting,
               const turn_experience& learned);

    // Plays all scenarios; each ends when everybody is seated, or as soon as `only` is.
    void play(std::optional<std::size_t> only);
    // By scenario, minutes until the party sits; `never` where it doesn't.
    std::span<float> waits_of(std::size_t who) noexcept;

    // By scenario, how well it agrees with how long the tables have been sitting; the sum is 1.
    std::span<const double> weights() const noexcept { return weights_; }

    static constexpr float never = 1e9F;

  private:
    using words = std::vector<std::uint64_t>;  // bits of waiting parties, for each table or combination

    struct table {
        int capacity = 0;
        int min_party = 1;
        bool is_in_service = true;
        bool is_dirty = false;
        bool is_occupied = false;
        double elapsed_min = 0;
        double turn_min = 0;
        std::uint32_t draws = 0;  // the first dimension of who sits there: one for all tables of a party
        std::size_t sitting = 0;
        std::size_t first_block = 0, end_block = 0;
        std::vector<std::uint32_t> combinations;  // that it is part of, smallest first
        // Of the scenario:
        bool is_free = false;
        std::size_t next_block = 0;
        std::uint32_t turns = 0;
    };
    struct combination {
        std::vector<std::uint32_t> tables;
        int capacity = 0;
    };
    struct block {
        double from_min = 0, length_min = 0, until_min = 0;
    };
    struct party {
        double turn_min = 0;
        double last_seating_min = 0;
    };
    // A table is ready for guests, or a reservation comes for one that is free.
    struct event {
        double at_min = 0;
        std::uint32_t table = 0;
        bool is_ready = false;
        bool operator<(const event& other) const noexcept {
            return at_min > other.at_min;
        }  // earliest on top
    };

    void add_tables(const floor_now& floor);
    void join_tables_of_one_party(const floor_now& floor);
    void watch_tables();
    void add_combinations(const floor_now& floor, std::span<const waiting_party> waiting);
    void add_fits(const floor_now& floor, std::span<const waiting_party> waiting);

    void play_one(std::size_t scenario, std::optional<std::size_t> only);
    void set_floor();
    void push(double at_min, std::uint32_t at, bool is_ready);
    void open(double now_min, std::uint32_t at);
    void seat_freed(double now_min);
    bool seat(double now_min, std::size_t who);
    bool seat_at(double now_min, std::size_t who, std::span<const std::uint32_t> tables);
    bool is_free_for(double now_min, std::uint32_t at, double stay_min) const noexcept;
    bool is_waiting(std::size_t who) const noexcept { return (waiting_[who / 64] >> (who % 64)) & 1U; }
    std::uint32_t next_turn(std::uint32_t at) noexcept;
    const std::uint64_t* row(const words& from, std::size_t at) const noexcept {
        return from.data() + at * words_;
    }

    stay_model model_;
    std::size_t words_ = 0;
    std::vector<table> tables_;  // in the order in which they are given away
    std::vector<combination> combinations_;
    std::vector<block> blocks_;
    std::vector<party> parties_;
    words fits_table_, fits_combination_,
        interested_;  // by table, by combination, by table with its combinations
    std::vector<float> waits_;
    std::vector<double> weights_;
    std::vector<float> remaining_min_;  // by the table's `sitting`, then by scenario
    double end_min_ = 0;                // nobody is seated later

    // Of the scenario that is played:
    std::size_t scenario_ = 0;
    std::size_t left_ = 0;
    words waiting_, asked_;
    std::vector<std::uint32_t> freed_;
    std::vector<event> events_;
    bool is_playing_ = false;  // from then on the events are a heap
};

}  // namespace qtable
