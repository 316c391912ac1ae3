#include "loadtest/scenario/offers.hpp"

#include <utility>

namespace qtable::loadtest {

namespace {

constexpr double own_share = 0.5;

}  // namespace

offers::offers(const world& in, bool is_hot, unsigned share, unsigned shares)
    : diners_(in.diners.size()),
      own_from_(in.own_from),
      is_hot_(is_hot),
      has_own_(in.own_places() > 0),
      has_others_(in.own_from > 0) {
    for (const offer& each : in.offers) {
        // The hot day is everybody's; the others are divided as the questions are.
        if (is_hot || (each.place + each.day) % shares == share) add(offer(each));
    }
}

void offers::add(offer&& read) {
    if (read.starts.empty()) return;
    std::vector<offer>& pool = read.place >= own_from_ ? own_ : others_;
    if (pool.size() < most) pool.push_back(std::move(read));
}

bool offers::wants_own(dice& chance) const noexcept {
    if (!has_own_ || !has_others_) return has_own_;
    return own_.size() < others_.size() || (own_.size() == others_.size() && chance.chance(own_share));
}

std::optional<wanted_booking> offers::take(dice& chance) {
    const bool is_own_first = !own_.empty() && (others_.empty() || chance.chance(own_share));
    return take_from(is_own_first ? own_ : others_, chance);
}

std::optional<wanted_booking> offers::take_from(std::vector<offer>& pool, dice& chance) {
    if (pool.empty()) return std::nullopt;
    const std::size_t which = chance.below(pool.size());
    offer& from = pool[which];
    const std::size_t at = chance.below(from.starts.size());
    wanted_booking made{from.place, from.day, from.party, from.starts[at].minute, 0};
    if (is_hot_) {
        made.diner = static_cast<std::uint32_t>(chance.below(diners_));
        return made;
    }
    made.diner = static_cast<std::uint32_t>(from.turn++ % diners_);
    from.starts[at] = from.starts.back();
    from.starts.pop_back();
    if (from.starts.empty()) {
        std::swap(pool[which], pool.back());
        pool.pop_back();
    }
    return made;
}

}  // namespace qtable::loadtest
