// Those who watch a restaurant from outside: a reader of its boards, who is told of changes, and compares all
// he sees with the feasibility function and the naive oracle.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/unit/core/inventory/fixture.hpp"
#include "tests/unit/core/inventory/oracle.hpp"
#include "tests/unit/core/inventory/oracle_day.hpp"

namespace qtable::test {

// check() and the oracle give the same answer.
inline void compare_check(const house& h, const oracle& model, const ask& wanted) {
    const auto where = [&] {
        return to_string(wanted.date) + " minute " + std::to_string(wanted.start.minute) + " party " +
               std::to_string(wanted.party_size) + " overrides " + std::to_string(wanted.overrides.bits());
    };
    const verdict found = h.stock.check(wanted);
    const oracle_answer expected = model.judge(wanted);
    ASSERT_EQ(found.reasons, expected.left) << where();
    ASSERT_EQ(found.available_tables, std::min(expected.available_tables, cell::count_max)) << where();
    const auto tables = h.stock.tables_of(found);
    ASSERT_EQ(std::set<table_id>(tables.begin(), tables.end()), expected.tables) << where();
    if (found.is_available()) {
        ASSERT_EQ(found.slot, expected.slot) << where();
    }
}

class follower {
  public:
    follower(const house& h, const oracle& model, date first, int days)
        : house_(h), oracle_(model), first_(first), days_(days) {
        for (int d = 0; d < days_; ++d) told_[first_.plus_days(d).days] = look(first_.plus_days(d));
    }

    // After a publication: who followed the changes knows what readers see, and on `closely` every cell is
    // right.
    void hear(const publication& told, date closely, std::mt19937& random) {
        ASSERT_TRUE(told.changes.empty() || !told.everything_changed);
        const bool is_paused = house_.place.paused_until.has_value();  // cells don't know of it
        for (const availability_change& c : told.changes) {
            if (is_paused || told_.count(c.date.days) == 0) continue;  // a night reaches beyond the week
            const seen_cell value{c.available_tables, c.is_available, c.slot};
            auto& entry = told_[c.date.days][{c.minute, c.party_size}];
            ASSERT_NE(entry, value) << "a change that is none";
            entry = value;
        }
        for (int d = 0; d < days_; ++d) {
            const date on = first_.plus_days(d);
            const seen_day seen = look(on);
            if (told.everything_changed || is_paused) {
                told_[on.days] = seen;
            } else {
                compare_told(on, seen);
            }
        }
        compare_starts(closely);
        compare_cells(closely, random);
        for (int i = 0; i < 60; ++i) compare_search(random);
    }

    // Of what can't be seated, so much was refused without asking.
    int not_seated() const noexcept { return not_seated_; }
    int refused() const noexcept { return refused_; }

  private:
    using seen_cell = std::tuple<int, bool, std::optional<slot_id>>;
    using seen_day = std::map<std::pair<int, int>, seen_cell>;  // (minute, party)
    static constexpr int largest_party = 9;

    seen_day look(date on) const {
        seen_day seen;
        for (int party = 1; party <= largest_party; ++party) {
            for (const start_view& s : house_.read(on, party)) {
                seen[{s.minute, party}] = {s.available_tables, s.is_available(),
                                           s.slot ? std::optional(*s.slot) : std::nullopt};
            }
        }
        return seen;
    }

    void compare_told(date on, const seen_day& seen) {
        const booking_rules& rules = house_.place.rules;
        for (const auto& [key, value] : seen) {
            if (key.second > std::min(largest_party, rules.max_party) || key.second < rules.min_party)
                continue;
            const auto followed = told_[on.days].find(key);
            const seen_cell known =
                followed == told_[on.days].end() ? seen_cell{0, false, std::nullopt} : followed->second;
            ASSERT_EQ(known, value) << to_string(on) << " minute " << key.first << " party " << key.second;
        }
    }

    // The starts are those of the hours, and the published slots' own.
    void compare_starts(date on) {
        const auto expected = oracle_starts(house_.place, house_.where, on);
        std::size_t of_hours = 0;
        for (const start_view& s : house_.read(on, 2)) {
            const auto known = expected.find(s.minute);
            of_hours += known != expected.end() ? 1U : 0U;
            const auto start = house_.stock.start_at(on, s.minute % minutes_per_day);
            ASSERT_TRUE(start);
            ASSERT_EQ(start->minute, s.minute);
            if (known == expected.end()) {
                ASSERT_EQ(start->room_min, 0) << to_string(on) << " minute " << s.minute;
                ASSERT_FALSE(house_.stock.slots_on(on).empty());
                continue;
            }
            ASSERT_EQ(s.starts_at, known->second.starts_at);
            ASSERT_EQ(std::min(start->room_min, limits::turn_time_max_min),
                      std::min(known->second.room_min, limits::turn_time_max_min))
                << to_string(on) << " minute " << s.minute;
        }
        ASSERT_EQ(of_hours, expected.size()) << to_string(on);
    }

    // Every published cell is what the feasibility function says afresh, and what the oracle says.
    void compare_cells(date on, std::mt19937& random) {
        for (int party = 0; party <= largest_party; ++party) {
            for (const start_view& seen : house_.read(on, party)) {
                if (random() % 2 == 0) continue;
                const ask wanted = house_.asking(on, seen.minute % minutes_per_day, party);
                const verdict fresh = house_.stock.check(wanted);
                ASSERT_EQ(seen.reasons, fresh.reasons)
                    << to_string(on) << " minute " << seen.minute << " party " << party;
                ASSERT_EQ(seen.available_tables, std::min(fresh.available_tables, cell::count_max));
                ASSERT_EQ(seen.ends_at, fresh.ends_at);
                if (random() % 8 != 0) continue;
                compare_check(house_, oracle_, wanted);
                const wanted_time searched{on, seen.minute % minutes_per_day, 0, party};
                ASSERT_EQ(can_seat(house_.live, searched, house_.now), seen.is_available());
            }
        }
    }

    // Search finds what stands on the day's list, and is never kept from asking where something does.
    void compare_search(std::mt19937& random) {
        static constexpr int windows_min[] = {0, 0, 15, 60, 359, 719};
        const wanted_time wanted{
            first_.plus_days(static_cast<int>(random() % static_cast<unsigned>(days_ + 2)) - 1),
            static_cast<int>(random() % 288) * 5, windows_min[random() % 6],
            static_cast<int>(random() % (largest_party + 2))};
        std::vector<int> expected, found;
        for (const start_view& s : house_.read(wanted.date, wanted.party_size)) {
            const int away = std::min(std::abs(s.minute - wanted.minute),
                                      std::abs(s.minute - wanted.minute - minutes_per_day));
            if (s.is_available() && away <= wanted.window_min) expected.push_back(s.minute);
        }
        for_each_bookable(house_.live, wanted, house_.now,
                          [&found](const start_view& s) { found.push_back(s.minute); });
        const auto where = [&] {
            return to_string(wanted.date) + " minute " + std::to_string(wanted.minute) + " window " +
                   std::to_string(wanted.window_min) + " party " + std::to_string(wanted.party_size);
        };
        ASSERT_EQ(found, expected) << where();
        ASSERT_EQ(can_seat(house_.live, wanted, house_.now), !expected.empty()) << where();
        not_seated_ += expected.empty() ? 1 : 0;
        if (!house_.is_refused(wanted)) return;
        ++refused_;
        ASSERT_TRUE(expected.empty()) << where();
    }

    const house& house_;
    const oracle& oracle_;
    date first_;
    int days_;
    std::map<std::int32_t, seen_day> told_;
    int not_seated_ = 0;
    int refused_ = 0;
};

}  // namespace qtable::test
