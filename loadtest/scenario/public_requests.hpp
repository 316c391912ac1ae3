// The questions of people who haven't logged in, as bytes made before the run: searches around known
// restaurants, and days of restaurants. One per thread of load; picking one costs nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loadtest/measure/dice.hpp"
#include "loadtest/scenario/world.hpp"

namespace qtable::loadtest {

struct day_question {
    std::string bytes;
    offer about;  // without starts
};

class public_requests {
  public:
    // `share` of `shares` threads: days are divided among them, so that two never book the same one.
    public_requests(const world& in, std::uint64_t seed, unsigned share, unsigned shares);

    const std::string& search(dice& chance) const { return searches_[chance.below(searches_.size())]; }
    const day_question& day(dice& chance) const { return days_[chance.below(days_.size())]; }
    // Of the own restaurants; of any when there are none.
    const day_question& own_day(dice& chance) const {
        return own_days_.empty() ? day(chance) : own_days_[chance.below(own_days_.size())];
    }

  private:
    void make_searches(const world& in, dice& chance);
    void make_days(const world& in, dice& chance, unsigned share, unsigned shares);

    std::vector<std::string> searches_;
    std::vector<day_question> days_, own_days_;
};

}  // namespace qtable::loadtest
