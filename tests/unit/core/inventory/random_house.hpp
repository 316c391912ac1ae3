// A restaurant under random bookings, moves, cancels, commits, holds, slots and changes of configuration,
// with the naive oracle beside it. After each step the inventory, its boards and the changes that it told are
// compared with the oracle.
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/core/inventory/fixture.hpp"
#include "tests/unit/core/inventory/oracle.hpp"
#include "tests/unit/core/inventory/settings.hpp"

namespace qtable::test {

class random_house {
  public:
    random_house(const setting& s, unsigned seed)
        : setting_(s), random_(seed), house_(config(s, seed), s.where) {
        oracle_.place = &house_.place;
        house_.now = s.where.resolve(s.first.plus_days(-2), 600).value();
        for (int d = 0; d < days; ++d) remember(s.first.plus_days(d));
    }

    void step() {
        switch (below(14)) {
            case 0:
            case 1:
            case 2:
            case 3:
                take();
                break;
            case 4:
            case 5:
                move();
                break;
            case 6:
                cancel();
                break;
            case 7:
            case 8:
            case 9:
                commit();
                break;
            case 10:
                hold();
                break;
            case 11:
                drop_hold();
                break;
            case 12:
                change_slot();
                break;
            default:
                if (below(12) == 0) reconfigure();
        }
        compare_checks(4);
        if (below(3) == 0) publish();
    }

    void finish() {
        while (!tickets_.empty()) commit();
        while (!holds_.empty()) drop_hold();
        while (!booked_.empty()) {
            cancel();
            commit();
        }
        for (auto it = oracle_.slots.begin(); it != oracle_.slots.end(); it = oracle_.slots.erase(it)) {
            ASSERT_TRUE(house_.stock.remove_slot(it->second.id));
        }
        publish();
        EXPECT_EQ(house_.stock.memory().boards, 0U) << "an empty week is the template again";
        EXPECT_EQ(house_.stock.memory().occupancy_days, 0U);
        EXPECT_EQ(house_.stock.reservation_count(), 0U);
    }

  private:
    static constexpr int days = 7;
    static constexpr int largest_party = 9;

    unsigned below(std::size_t bound) { return static_cast<unsigned>(random_() % bound); }
    date some_day() { return setting_.first.plus_days(static_cast<int>(below(days))); }
    int some_party() { return 1 + static_cast<int>(below(8)); }

    std::optional<ask> some_ask() {
        const date on = some_day();
        int minute = static_cast<int>(below(288)) * 5;
        if (below(4) != 0) {  // a start
            const auto starts = house_.read(on, 2);
            if (!starts.empty()) minute = starts[below(starts.size())].minute % minutes_per_day;
        }
        if (!house_.stock.start_at(on, minute)) return std::nullopt;
        return house_.asking(on, minute, some_party());
    }

    oracle_answer judge(const ask& wanted) const {
        return oracle_.judge(wanted.date, wanted.start.minute, wanted.start.starts_at, wanted.start.room_min,
                             wanted.party_size, wanted.ignoring);
    }

    // check() and the oracle, on what isn't a matter of the party's size alone.
    void compare(const ask& wanted) {
        const verdict found = house_.stock.check(wanted);
        if (wanted.party_size > judged_party_sizes(house_.stock.view())) {
            ASSERT_FALSE(found.is_available());
            return;
        }
        const auto expected = judge(wanted);
        ASSERT_EQ(found.reasons, expected.why) << where(wanted);
        ASSERT_EQ(found.available_tables, std::min(expected.available_tables, cell::count_max))
            << where(wanted);
        const auto tables = house_.stock.tables_of(found);
        ASSERT_EQ(std::set<table_id>(tables.begin(), tables.end()), expected.tables) << where(wanted);
        if (found.is_available()) {
            ASSERT_EQ(found.slot, expected.slot) << where(wanted);
        }
    }

    std::string where(const ask& wanted) const {
        return std::string(setting_.name) + " " + to_string(wanted.date) + " minute " +
               std::to_string(wanted.start.minute) + " party " + std::to_string(wanted.party_size);
    }

    void compare_checks(int count) {
        for (int i = 0; i < count; ++i) {
            auto wanted = some_ask();
            if (!wanted) continue;
            if (!booked_.empty() && below(3) == 0) wanted->ignoring = booked_[below(booked_.size())];
            compare(*wanted);
        }
        ASSERT_EQ(house_.stock.check_invariants(), std::nullopt);
    }

    oracle_claim claim(const reservation& r) const {
        return {r.id,          {r.tables.begin(), r.tables.end()},
                r.blocks_from, r.blocks_until,
                r.starts_at,   r.party_size,
                r.slot,        true};
    }

    void take() {
        const auto wanted = some_ask();
        if (!wanted) return;
        const verdict answer = house_.stock.check(*wanted);
        if (!answer.is_available()) return;
        const unsigned number = next_++;
        const reservation r = house_.reserve(number, wanted->date, wanted->start.minute % minutes_per_day,
                                             wanted->party_size, answer);
        house_.stock.take(r);
        oracle_.claims.push_back(claim(r));
        booked_.push_back(r.id);
    }

    void move() {
        if (booked_.empty()) return;
        auto wanted = some_ask();
        if (!wanted) return;
        const reservation_id id(booked_[below(booked_.size())]);
        if (below(2) == 0) {  // nearby, so that old and new overlap
            const reservation old = *house_.stock.find(id);
            const auto start = house_.stock.start_at(
                old.date, (old.minute + static_cast<int>(below(5)) * 30) % minutes_per_day);
            if (!start) return;
            wanted->date = old.date;
            wanted->start = *start;
        }
        wanted->ignoring = id;
        compare(*wanted);
        const verdict answer = house_.stock.check(*wanted);
        if (!answer.is_available()) return;
        reservation r = house_.reserve(0, wanted->date, wanted->start.minute % minutes_per_day,
                                       wanted->party_size, answer);
        r.id = id;
        r.customer = house_.stock.find(id)->customer;
        remember_pending(house_.stock.begin_move(r));
        oracle_.claims.push_back(claim(r));
    }

    void cancel() {
        if (booked_.empty()) return;
        const std::size_t pick = below(booked_.size());
        remember_pending(house_.stock.begin_release(reservation_id(booked_[pick])));
        booked_.erase(booked_.begin() + static_cast<std::ptrdiff_t>(pick));
    }

    // The last claim of that reservation is the one that gives way; it stays in the oracle until the commit.
    void remember_pending(const release_ticket& ticket) {
        for (std::size_t i = oracle_.claims.size(); i-- > 0;) {
            if (oracle_.claims[i].who != ticket.key) continue;
            tickets_.push_back({ticket, oracle_.claims[i].starts_at, oracle_.claims[i].tables,
                                oracle_.claims[i].party_size});
            return;
        }
        FAIL();
    }

    void commit() {
        if (tickets_.empty()) return;
        const std::size_t pick = below(tickets_.size());
        const pending p = tickets_[pick];
        tickets_.erase(tickets_.begin() + static_cast<std::ptrdiff_t>(pick));
        house_.stock.commit_release(p.ticket);
        const auto gone =
            std::find_if(oracle_.claims.begin(), oracle_.claims.end(), [&](const oracle_claim& c) {
                return c.who == p.ticket.key && c.starts_at == p.starts_at && c.tables == p.tables &&
                       c.party_size == p.party_size;
            });
        ASSERT_NE(gone, oracle_.claims.end());
        oracle_.claims.erase(gone);
    }

    void hold() {
        const auto wanted = some_ask();
        if (!wanted) return;
        const verdict answer = house_.stock.check(*wanted);
        if (!answer.is_available()) return;
        const uuid key = make_id<hold_id>(next_++);
        const auto tables = house_.stock.tables_of(answer);
        house_.stock.take_claim(key, {tables, answer.slot, wanted->party_size, answer.starts_at,
                                      answer.blocks_from, answer.blocks_until});
        oracle_.claims.push_back({key,
                                  {tables.begin(), tables.end()},
                                  answer.blocks_from,
                                  answer.blocks_until,
                                  answer.starts_at,
                                  wanted->party_size,
                                  answer.slot});
        holds_.push_back(key);
    }

    void drop_hold() {
        if (holds_.empty()) return;
        house_.stock.release_claim(holds_.back());
        std::erase_if(oracle_.claims, [&](const oracle_claim& c) { return c.who == holds_.back(); });
        holds_.pop_back();
    }

    void change_slot() {
        const date on = some_day();
        const int minute = static_cast<int>(below(96)) * 15, size = some_party();
        const auto known = oracle_.slots.find({on.days, minute, size});
        if (known != oracle_.slots.end() && below(2) == 0) {
            if (is_used(known->second.id)) return;  // ids that claims refer to stay
            house_.stock.remove_slot(known->second.id);
            oracle_.slots.erase(known);
            return;
        }
        slot value =
            make_slot(next_++, on, minute, size, static_cast<int>(below(4)) * (below(20) == 0 ? 100 : 1));
        value.is_available = below(5) != 0;
        if (known != oracle_.slots.end()) value.id = known->second.id;
        house_.stock.upsert_slot(value);
        oracle_.slots[{on.days, minute, size}] = value;
        // What is left from now on; what active reservations took of it before is out of that number.
        int taken = 0;
        for (const oracle_claim& c : oracle_.claims) taken += c.slot == value.id && is_settled(c) ? 1 : 0;
        oracle_.published[value.id] = value.available_tables + taken;
    }

    bool is_used(const slot_id& id) const {
        return std::any_of(oracle_.claims.begin(), oracle_.claims.end(),
                           [&](const auto& c) { return c.slot == id; });
    }
    // Counted down in the stored number: active reservations, not holds, not what waits for its commit.
    bool is_settled(const oracle_claim& c) const {
        if (!c.is_stored) return false;
        return std::none_of(tickets_.begin(), tickets_.end(), [&](const pending& p) {
            return p.ticket.key == c.who && p.starts_at == c.starts_at && p.tables == c.tables &&
                   p.party_size == c.party_size;
        });
    }

    void reconfigure() {
        restaurant& place = house_.place;
        switch (below(4)) {
            case 0:
                place.rules.turn_times[1].minutes = 75 + 15 * static_cast<int>(below(3));
                break;
            case 1:
                place.rules.pacing_parties = static_cast<int>(below(4));
                break;
            case 2:
                if (!place.tables.empty())
                    place.tables[below(place.tables.size())].capacity = 1 + static_cast<int>(below(6));
                break;
            default:
                if (!place.tables.empty()) {
                    table& t = place.tables[below(place.tables.size())];
                    t.status = below(2) == 0 ? table_status::available : table_status::out_of_service;
                }
        }
        house_.reconfigure();
    }

    // ---- readers

    using seen_cell = std::tuple<int, bool, std::optional<slot_id>>;
    using seen_day = std::map<std::pair<int, int>, seen_cell>;  // (minute, party)

    seen_day look(date on) {
        seen_day seen;
        for (int party = 1; party <= largest_party; ++party) {
            for (const start_view& s : house_.read(on, party)) {
                seen[{s.minute, party}] = {s.available_tables, s.is_available(),
                                           s.slot ? std::optional(*s.slot) : std::nullopt};
            }
        }
        return seen;
    }
    void remember(date on) { told_[on.days] = look(on); }

    void publish() {
        const publication told = house_.publish();
        ASSERT_TRUE(told.changes.empty() || !told.everything_changed);
        for (const availability_change& c : told.changes) {
            if (told_.count(c.date.days) == 0) continue;  // a night reaches beyond the week
            const seen_cell value{c.available_tables, c.is_available, c.slot};
            auto& entry = told_[c.date.days][{c.minute, c.party_size}];
            ASSERT_NE(entry, value) << "a change that is none";
            entry = value;
        }
        for (int d = 0; d < days; ++d) {
            const date on = setting_.first.plus_days(d);
            const seen_day seen = look(on);
            if (told.everything_changed) {
                told_[on.days] = seen;
            } else {
                compare_told(on, seen);
            }
            compare_day(on);
        }
    }

    // Who followed the changes knows what readers see.
    void compare_told(date on, const seen_day& seen) {
        const int told_parties = std::min(largest_party, house_.place.rules.max_party);
        for (const auto& [key, value] : seen) {
            if (key.second > told_parties) continue;
            const auto followed = told_[on.days].find(key);
            const seen_cell known =
                followed == told_[on.days].end() ? seen_cell{0, false, std::nullopt} : followed->second;
            ASSERT_EQ(known, value) << setting_.name << " " << to_string(on) << " minute " << key.first
                                    << " party " << key.second;
        }
    }

    // Every published cell is what the feasibility function says afresh, and what the oracle says.
    void compare_day(date on) {
        for (int party = 1; party <= largest_party; ++party) {
            for (const start_view& seen : house_.read(on, party)) {
                const ask wanted = house_.asking(on, seen.minute % minutes_per_day, party);
                ASSERT_EQ(wanted.start.minute, seen.minute);
                ASSERT_EQ(wanted.start.starts_at, seen.starts_at);
                const verdict fresh = house_.stock.check(wanted);
                ASSERT_EQ(seen.reasons, fresh.reasons) << where(wanted);
                ASSERT_EQ(seen.available_tables, std::min(fresh.available_tables, cell::count_max))
                    << where(wanted);
                ASSERT_EQ(seen.ends_at, fresh.ends_at);
                if (below(8) != 0) continue;
                compare(wanted);
                ASSERT_EQ(can_seat(house_.live, {on, seen.minute % minutes_per_day, 0, party}, house_.now),
                          seen.is_available());
            }
        }
    }

    struct pending {
        release_ticket ticket;
        instant starts_at;
        std::set<table_id> tables;
        int party_size;
    };

    setting setting_;
    std::mt19937 random_;
    house house_;
    oracle oracle_;
    std::vector<uuid> booked_, holds_;
    std::vector<pending> tickets_;
    std::map<std::int32_t, seen_day> told_;
    unsigned next_ = 1;
};

}  // namespace qtable::test
