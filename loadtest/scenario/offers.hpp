// The free times that one thread of load books from, as availability told them. Each start is taken once and
// its day is read again when all are gone, so bookings mostly succeed. The hot restaurant's only day is never
// used up: there the conflicts are the point. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "loadtest/measure/dice.hpp"
#include "loadtest/scenario/world.hpp"

namespace qtable::loadtest {

struct wanted_booking {
    std::uint32_t place = 0;
    std::uint16_t day = 0, party = 0, minute = 0;
    std::uint32_t diner = 0;  // index into `world::diners`
};

class offers {
  public:
    static constexpr std::size_t most = 512;  // of each of the two pools

    offers(const world& in, bool is_hot, unsigned share, unsigned shares);

    // Half of the time at an own restaurant, when there are any. None: something has to be read first.
    std::optional<wanted_booking> take(dice& chance);
    void add(offer&& read);
    // Whether another day is of use, and of an own restaurant rather than any.
    bool wants_more() const noexcept { return !is_hot_ && (own_.size() < wanted || others_.size() < wanted); }
    bool wants_own(dice& chance) const noexcept;

  private:
    static constexpr std::size_t wanted = 128;

    std::optional<wanted_booking> take_from(std::vector<offer>& pool, dice& chance);

    std::size_t diners_;
    std::size_t own_from_;
    bool is_hot_;
    bool has_own_;
    bool has_others_;
    std::vector<offer> own_, others_;
};

}  // namespace qtable::loadtest
