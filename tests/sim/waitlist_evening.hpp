// An evening as it happens, minute by minute: parties come, reservations find their table or wait for one,
// the host seats who waits (not always at once, not always the first, not always at the smallest table),
// guests stay as long as they do, some lose patience. Everything is drawn beforehand or hashed from the
// plan's seed, so that changing one party's patience changes nothing else by chance.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/waitlist/wait_estimate.hpp"
#include "tests/sim/waitlist_house.hpp"

namespace qtable::sim {

class evening {
  public:
    // `patient`: stays on the list however long it takes.
    evening(const house& where, const evening_plan& plan, std::optional<std::size_t> patient = std::nullopt);

    // `look` is called each minute, when the host has done what there was to do.
    void run(const std::function<void(const evening&)>& look = {});

    int minute() const noexcept { return minute_; }
    const std::vector<std::size_t>& waiting() const noexcept { return waiting_; }  // walk-ins, in order
    std::vector<waiting_party> waiting_parties() const;
    floor_now floor() const;
    // After the run; none: left the list, or was never seated.
    std::optional<int> seated_min(std::size_t who) const noexcept { return seated_[who]; }
    bool has_left_list(std::size_t who) const noexcept { return has_left_[who]; }

  private:
    struct spot {
        std::optional<std::size_t> guest;
        int since_min = 0;
        int leaves_min = 0;
        int dirty_until_min = 0;
    };

    void tables_come_free();
    void bookings();
    void door();
    void host();
    bool is_free(int table) const noexcept;
    int next_booking_min(int table, std::optional<std::size_t> but) const noexcept;
    bool can_seat(int table, const visit& v, std::optional<std::size_t> who, int slack_min) const noexcept;
    std::vector<int> choose(std::size_t who, bool any, int slack_min) const;
    void seat(std::size_t who, const std::vector<int>& tables);
    std::uint64_t chance(std::uint64_t what, std::uint64_t who) const noexcept;  // 0…999

    const house* house_;
    const evening_plan* plan_;
    std::optional<std::size_t> patient_;
    int minute_ = 0;
    std::size_t next_visit_ = 0;
    std::vector<spot> spots_;
    std::vector<std::size_t> expected_;  // reservations that aren't seated nor given up
    std::vector<std::size_t> waiting_;
    std::vector<std::optional<int>> seated_;
    std::vector<bool> has_left_;
};

}  // namespace qtable::sim
