#include "tests/sim/waitlist_evening.hpp"

#include <algorithm>

#include "tests/sim/random.hpp"

namespace qtable::sim {

namespace {

constexpr int no_show_after_min = 20;
constexpr int booking_far_min = 10000;
constexpr instant opening{1'800'000'000'000};

std::size_t at(int index) noexcept {
    return static_cast<std::size_t>(index);
}

}  // namespace

evening::evening(const house& where, const evening_plan& plan, std::optional<std::size_t> patient)
    : house_(&where),
      plan_(&plan),
      patient_(patient),
      spots_(where.tables.size()),
      seated_(plan.visits.size()),
      has_left_(plan.visits.size()) {
    for (std::size_t i = 0; i < plan.visits.size(); ++i) {
        if (plan.visits[i].is_booked) expected_.push_back(i);
    }
}

void evening::run(const std::function<void(const evening&)>& look) {
    for (minute_ = 0; minute_ < evening_min; ++minute_) {
        tables_come_free();
        bookings();
        door();
        host();
        if (look) look(*this);
    }
}

void evening::tables_come_free() {
    for (spot& s : spots_) {
        if (!s.guest || s.leaves_min > minute_) continue;
        s.dirty_until_min = s.leaves_min + plan_->visits[*s.guest].clearing_min;
        s.guest.reset();
    }
}

// Who booked sits at its table when that is free, else at any that is; it goes before the list.
void evening::bookings() {
    for (const std::size_t who : std::vector(expected_)) {
        const visit& v = plan_->visits[who];
        const bool is_here = !v.is_no_show && v.comes_min <= minute_;
        if (!is_here) {
            if (minute_ >= v.booked_min + no_show_after_min) std::erase(expected_, who);
            continue;
        }
        if (can_seat(v.table, v, who, booking_far_min)) {
            seat(who, {v.table});
        } else if (minute_ >= v.booked_min + 5) {
            if (const std::vector<int> other = choose(who, false, 15); !other.empty()) seat(who, other);
        }
    }
}

void evening::door() {
    const std::vector<visit>& visits = plan_->visits;
    for (; next_visit_ < visits.size() && visits[next_visit_].comes_min <= minute_; ++next_visit_) {
        if (!visits[next_visit_].is_booked) waiting_.push_back(next_visit_);
    }
    std::erase_if(waiting_, [&](std::size_t who) {
        const bool leaves = who != patient_ && minute_ - visits[who].comes_min > visits[who].patience_min;
        if (leaves) has_left_[who] = true;
        return leaves;
    });
}

void evening::host() {
    if (minute_ > last_seating_min) return;
    if (chance(1, 0) < 250) return;  // somewhere else this minute
    int seats_left = 2;
    for (const std::size_t who : std::vector(waiting_)) {
        if (seats_left == 0) return;
        if (chance(2, who) < 60) continue;  // overlooked, or still on the phone
        const bool any = chance(3, who) < 80;
        const int slack_min = chance(4, who) < 150 ? 15 : 0;
        const std::vector<int> tables = choose(who, any, slack_min);
        if (tables.empty()) continue;
        seat(who, tables);
        --seats_left;
    }
}

bool evening::is_free(int table) const noexcept {
    const spot& s = spots_[at(table)];
    return !s.guest && s.dirty_until_min <= minute_;
}

int evening::next_booking_min(int table, std::optional<std::size_t> but) const noexcept {
    int next = booking_far_min;
    for (const std::size_t who : expected_) {
        const visit& v = plan_->visits[who];
        if (v.table == table && who != but) next = std::min(next, v.booked_min);
    }
    return next;
}

bool evening::can_seat(int table, const visit& v, std::optional<std::size_t> who,
                       int slack_min) const noexcept {
    return is_free(table) && minute_ + v.turn_min - slack_min <= next_booking_min(table, who);
}

// The smallest table, or any; a pair where no table is free.
std::vector<int> evening::choose(std::size_t who, bool any, int slack_min) const {
    const visit& v = plan_->visits[who];
    int best = -1;
    for (int t = 0; t < static_cast<int>(spots_.size()); ++t) {
        const house::table& table = house_->tables[at(t)];
        if (!fits(*house_, table.capacity, table.min_party, v.size) || !can_seat(t, v, who, slack_min))
            continue;
        if (best < 0 || any || table.capacity < house_->tables[at(best)].capacity) best = t;
    }
    if (best >= 0) return {best};
    for (const house::pair& p : house_->pairs) {
        if (fits(*house_, p.capacity, p.min_party, v.size) &&
            std::all_of(p.tables.begin(), p.tables.end(),
                        [&](int t) { return can_seat(t, v, who, slack_min); }))
            return p.tables;
    }
    return {};
}

void evening::seat(std::size_t who, const std::vector<int>& tables) {
    for (const int t : tables) {
        spot& s = spots_[at(t)];
        s.guest = who;
        s.since_min = minute_;
        s.leaves_min = minute_ + plan_->visits[who].stay_min;
    }
    seated_[who] = minute_;
    std::erase(waiting_, who);
    std::erase(expected_, who);
}

std::uint64_t evening::chance(std::uint64_t what, std::uint64_t who) const noexcept {
    return random_source(plan_->seed ^ (what << 48) ^ (who << 24) ^ static_cast<std::uint64_t>(minute_))
               .next() %
           1000;
}

std::vector<waiting_party> evening::waiting_parties() const {
    std::vector<waiting_party> parties;
    for (const std::size_t who : waiting_)
        parties.push_back({plan_->visits[who].size, plan_->visits[who].turn_min});
    return parties;
}

floor_now evening::floor() const {
    floor_now now;
    now.now = opening.plus_minutes(minute_);
    now.closes_at = opening.plus_minutes(evening_min);
    now.oversize_cap = house_->oversize_cap;
    for (const house::pair& p : house_->pairs)
        now.combinations.push_back({p.tables, p.capacity, p.min_party});
    for (int t = 0; t < static_cast<int>(spots_.size()); ++t) {
        const spot& s = spots_[at(t)];
        floor_now::seat seat;
        seat.capacity = house_->tables[at(t)].capacity;
        seat.min_party = house_->tables[at(t)].min_party;
        seat.is_dirty = !s.guest && s.dirty_until_min > minute_;
        if (s.guest) {
            seat.seated_at = opening.plus_minutes(s.since_min);
            seat.party_size = plan_->visits[*s.guest].size;
            seat.turn_min = plan_->visits[*s.guest].turn_min;
        }
        for (const std::size_t who : expected_) {
            const visit& v = plan_->visits[who];
            if (v.table != t) continue;
            seat.blocks.push_back(
                {opening.plus_minutes(v.booked_min), opening.plus_minutes(v.booked_min + v.turn_min)});
        }
        std::sort(seat.blocks.begin(), seat.blocks.end(),
                  [](const floor_now::block& a, const floor_now::block& b) { return a.from < b.from; });
        now.tables.push_back(std::move(seat));
    }
    return now;
}

}  // namespace qtable::sim
