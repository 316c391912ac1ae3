// A restaurant under random bookings, moves, cancels, commits, holds, walk-ins, slots, changes of
// configuration and reloads, with the naive oracle beside it. After each step the inventory and its boards
// are compared with the oracle.
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/core/inventory/fixture.hpp"
#include "tests/unit/core/inventory/follower.hpp"
#include "tests/unit/core/inventory/oracle.hpp"
#include "tests/unit/core/inventory/settings.hpp"

namespace qtable::test {

class random_house {
  public:
    random_house(const setting& s, unsigned seed)
        : setting_(s), random_(seed), house_(config(s, seed), s.where) {
        oracle_.place = &house_.place;
        oracle_.where = &house_.where;
        house_.now = s.where.resolve(s.first.plus_days(-2), 600).value();
        follower_.emplace(house_, oracle_, s.first, days);
    }
    random_house(const random_house&) = delete;

    void step() {
        const unsigned pick = below(24);
        if (pick < 5) {
            take();
        } else if (pick < 8) {
            move();
        } else if (pick < 10) {
            cancel();
        } else if (pick < 14) {
            commit();
        } else if (pick < 16) {
            hold();
        } else if (pick < 17) {
            end_hold();
        } else if (pick < 19) {
            walk_in();
        } else if (pick < 20) {
            end_walk_in();
        } else if (pick < 22) {
            change_slot();
        } else if (below(5) == 0) {
            reconfigure();
        } else if (below(8) == 0) {
            reload();
        }
        if (testing::Test::HasFatalFailure()) return;
        compare_questions();
        if (below(3) == 0) publish();
    }

    void finish() {
        while (!tickets_.empty()) commit();
        while (!holds_.empty()) end_hold();
        while (!walk_ins_.empty()) {
            end_walk_in();
            while (!tickets_.empty()) commit();
        }
        while (!booked_.empty()) {
            cancel();
            commit();
        }
        for (auto it = oracle_.slots.begin(); it != oracle_.slots.end(); it = oracle_.slots.erase(it)) {
            ASSERT_TRUE(house_.stock.remove_slot(it->second.id));
        }
        publish();
        EXPECT_TRUE(oracle_.claims.empty());
        EXPECT_EQ(house_.stock.memory().boards, 0U) << "an empty week is the template again";
        EXPECT_EQ(house_.stock.memory().occupancy_days, 0U);
        EXPECT_EQ(house_.stock.reservation_count(), 0U);
    }

    const follower& seen() const noexcept { return *follower_; }

  private:
    static constexpr int days = 7;

    unsigned below(std::size_t bound) { return static_cast<unsigned>(random_() % bound); }
    date some_day() { return setting_.first.plus_days(static_cast<int>(below(days))); }
    int some_party() { return 1 + static_cast<int>(below(8)); }
    template <class T>
    T any_of(const std::vector<T>& all) {
        return all[below(all.size())];
    }

    std::optional<ask> some_ask() {
        const date on = some_day();
        int minute = static_cast<int>(below(288)) * 5;
        if (below(4) != 0) {  // a start
            const auto starts = house_.read(on, 2);
            if (!starts.empty()) minute = any_of(starts).minute % minutes_per_day;
        }
        if (!house_.stock.start_at(on, minute)) return std::nullopt;
        ask wanted = house_.asking(on, minute, some_party());
        if (below(3) == 0) wanted.channel = booking_channel::house;
        if (below(8) == 0) wanted.overrides = reasons(static_cast<std::uint16_t>(below(1024)));
        return wanted;
    }
    // One that is only asked, from any moment and about any party.
    void vary(ask& wanted) {
        if (below(4) == 0)
            wanted.now = wanted.start.starts_at.plus_minutes(5 * (static_cast<int>(below(60)) - 40));
        if (below(8) == 0) wanted.party_size = static_cast<int>(below(14)) - 1;
        if (below(3) == 0 && !booked_.empty()) wanted.ignoring = any_of(booked_);
        if (below(6) == 0 && !holds_.empty()) wanted.ignoring = any_of(holds_);
    }

    void compare_questions() {
        for (int i = 0; i < 4; ++i) {
            auto wanted = some_ask();
            if (!wanted) continue;
            vary(*wanted);
            compare_check(house_, oracle_, *wanted);
            if (testing::Test::HasFatalFailure()) return;
        }
        compare_floor();
        ASSERT_EQ(house_.stock.check_invariants(), std::nullopt);
    }

    // What the floor asks: tables of its own choosing, from any moment on.
    void compare_floor() {
        const stay s = some_stay();
        const std::vector<table_id> named(s.allowed.begin(), s.allowed.end());
        const std::optional<uuid> ignoring =
            walk_ins_.empty() || below(2) == 0 ? std::nullopt : std::optional(any_of(walk_ins_));
        ASSERT_EQ(house_.stock.free_until(named, s.from, ignoring),
                  oracle_.free_until(named, s.from, ignoring));
        std::set<table_id> expected;
        if (oracle_.seat(s.from, s.until, s.party, ignoring, expected, &s.allowed) == 0) expected.clear();
        const auto found = house_.stock.choose_tables(s.party, s.from, s.until, named, ignoring);
        ASSERT_EQ(found.has_value(), !expected.empty());
        if (found) {
            ASSERT_EQ(std::set<table_id>(found->begin(), found->end()), expected);
            ASSERT_TRUE(house_.stock.fits(*found, s.party)) << "what is chosen fits";
            ASSERT_TRUE(house_.stock.tables_free(*found, s.from, s.until, ignoring));
            ASSERT_GE(house_.stock.free_until(*found, s.from, ignoring), s.until);
        }
        for (const auto channel : {booking_channel::online, booking_channel::house}) {
            ASSERT_EQ(house_.stock.pacing_reasons(s.from, s.party, channel, ignoring).has(reason::pacing),
                      oracle_.is_paced_out(s.from, s.party, channel, ignoring));
        }
        const auto next = house_.stock.next_on_each(s.from, inventory::far_future);
        for (const table& t : house_.place.tables) {
            const reservation* const first = house_.stock.next_on(t.id, s.from);
            ASSERT_EQ(next.count(t.id) == 1 ? next.at(t.id) : nullptr, first);
        }
    }

    struct stay {
        int party = 0;
        instant from, until;
        std::set<table_id> allowed;
    };
    stay some_stay() {
        stay s;
        s.party = some_party() + (below(10) == 0 ? 2 : 0);
        s.from = house_.where.resolve_or_gap_end(some_day(), 5 * static_cast<int>(below(288)));
        s.until = s.from.plus_minutes(5 * static_cast<int>(1 + below(36)));
        for (const table& t : house_.place.tables) {
            if (below(4) != 0) s.allowed.insert(t.id);
        }
        return s;
    }

    // ---- bookings

    static oracle_claim claim(const reservation& r) {
        return {r.id,          {r.tables.begin(), r.tables.end()},
                r.blocks_from, r.blocks_until,
                r.starts_at,   r.party_size,
                r.slot,        true};
    }
    static oracle_claim claim(const uuid& key, const capacity_claim& c) {
        return {key,           {c.tables.begin(), c.tables.end()},
                c.blocks_from, c.blocks_until,
                c.starts_at,   c.party_size,
                c.slot};
    }
    reservation reserve(const ask& wanted, const verdict& answer) {
        return house_.reserve(next_++, wanted.date, wanted.start.minute % minutes_per_day, wanted.party_size,
                              answer);
    }
    void add(const reservation& r) {
        house_.stock.take(r);
        oracle_.claims.push_back(claim(r));
        booked_.push_back(r.id);
        touched_ = r.date;
    }

    void take() {
        const auto wanted = some_ask();
        if (!wanted) return;
        const verdict answer = house_.stock.check(*wanted);
        if (answer.is_available()) add(reserve(*wanted, answer));
    }

    void move() {
        if (booked_.empty()) return;
        const reservation_id id(any_of(booked_));
        const reservation old = *house_.stock.find(id);
        if (below(4) == 0) return seat(old);
        auto wanted = some_ask();
        if (!wanted) return;
        if (below(2) == 0) {  // nearby, so that old and new overlap
            const auto start = house_.stock.start_at(
                old.date, (old.minute + static_cast<int>(below(5)) * 30) % minutes_per_day);
            if (!start) return;
            wanted->date = old.date;
            wanted->start = *start;
        }
        wanted->ignoring = id;
        compare_check(house_, oracle_, *wanted);
        const verdict answer = house_.stock.check(*wanted);
        if (!answer.is_available()) return;
        reservation r = reserve(*wanted, answer);
        r.id = id;
        r.customer = old.customer;
        change(r);
    }

    // The party comes early or late, stays as long as it likes, perhaps elsewhere.
    void seat(reservation r) {
        stay s = some_stay();
        if (below(2) == 0) {
            s.from = r.starts_at.plus_minutes(5 * (static_cast<int>(below(24)) - 12));
            s.until = s.from.plus_minutes(5 * static_cast<int>(1 + below(24)));
        }
        const std::vector<table_id> own = r.tables;
        if (below(2) == 0 && !own.empty() &&
            house_.stock.tables_free(own, s.from, s.from.plus_minutes(5), r.id)) {
            s.until = std::min(s.until, house_.stock.free_until(own, s.from, r.id));
        } else {
            const std::vector<table_id> named(s.allowed.begin(), s.allowed.end());
            const auto tables = house_.stock.choose_tables(r.party_size, s.from, s.until, named, r.id);
            if (!tables) return;
            r.tables = *tables;
        }
        r.status = reservation_status::seated;
        r.blocks_from = s.from;
        r.blocks_until = s.until;
        change(r);
    }

    void change(const reservation& r) {
        remember_pending(house_.stock.begin_move(r));
        oracle_.claims.push_back(claim(r));
        touched_ = r.date;
    }

    void cancel() {
        if (booked_.empty()) return;
        const std::size_t pick = below(booked_.size());
        touched_ = house_.stock.find(reservation_id(booked_[pick]))->date;
        remember_pending(house_.stock.begin_release(reservation_id(booked_[pick])));
        booked_.erase(booked_.begin() + static_cast<std::ptrdiff_t>(pick));
    }

    // The last claim of that key is the one that gives way; it stays in the oracle until the commit.
    void remember_pending(const release_ticket& ticket) {
        for (std::size_t i = oracle_.claims.size(); i-- > 0;) {
            if (oracle_.claims[i].who != ticket.key) continue;
            oracle_.claims[i].pending = ticket.number;
            tickets_.push_back(ticket);
            return;
        }
        FAIL();
    }

    void commit() {
        if (tickets_.empty()) return;
        const std::size_t pick = below(tickets_.size());
        const release_ticket ticket = tickets_[pick];
        tickets_.erase(tickets_.begin() + static_cast<std::ptrdiff_t>(pick));
        house_.stock.commit_release(ticket);
        const auto gone =
            std::erase_if(oracle_.claims, [&](const oracle_claim& c) { return c.pending == ticket.number; });
        ASSERT_EQ(gone, 1U);
    }

    // ---- holds and walk-ins

    void take_claim(const uuid& key, const capacity_claim& c) {
        house_.stock.take_claim(key, c);
        oracle_.claims.push_back(claim(key, c));
    }

    void hold() {
        const auto wanted = some_ask();
        if (!wanted) return;
        const verdict answer = house_.stock.check(*wanted);
        if (!answer.is_available()) return;
        const uuid key = make_id<hold_id>(next_++);
        const std::optional<slot> before =
            answer.slot ? std::optional(*house_.stock.find_slot(*answer.slot)) : std::nullopt;
        take_claim(key, {house_.stock.tables_of(answer), answer.slot, wanted->party_size, answer.starts_at,
                         answer.blocks_from, answer.blocks_until});
        if (before) {
            ASSERT_EQ(house_.stock.find_slot(before->id)->available_tables, before->available_tables);
            ASSERT_EQ(house_.stock.find_slot(before->id)->version, before->version);
        }
        holds_.push_back(key);
        held_.push_back(*wanted);
        touched_ = wanted->date;
    }

    // It expires, or becomes the reservation.
    void end_hold() {
        if (holds_.empty()) return;
        const uuid key = holds_.back();
        ask wanted = held_.back();
        holds_.pop_back();
        held_.pop_back();
        touched_ = wanted.date;
        wanted.ignoring = key;
        wanted.start = house_.stock.start_at(wanted.date, wanted.start.minute % minutes_per_day).value();
        const verdict answer = house_.stock.check(wanted);
        house_.stock.release_claim(key);
        std::erase_if(oracle_.claims, [&](const oracle_claim& c) { return c.who == key; });
        if (answer.is_available() && below(2) == 0) add(reserve(wanted, answer));
    }

    void walk_in() {
        const stay s = some_stay();
        const std::vector<table_id> named(s.allowed.begin(), s.allowed.end());
        const bool moves = !walk_ins_.empty() && below(3) == 0;
        const uuid key = moves ? any_of(walk_ins_) : uuid(make_id<guest_id>(next_++));
        const auto tables = house_.stock.choose_tables(s.party, s.from, s.until, named, key);
        if (!tables) return;
        guest g;
        g.party_size = s.party;
        g.tables = *tables;
        g.blocks_from = s.from;
        g.blocks_until = s.until;
        if (moves) {
            remember_pending(house_.stock.begin_move_claim(key, claim_of(g)));
            oracle_.claims.push_back(claim(key, claim_of(g)));
        } else {
            take_claim(key, claim_of(g));
            walk_ins_.push_back(key);
        }
        ASSERT_NE(house_.stock.find_claim(key), nullptr);
    }

    void end_walk_in() {
        if (walk_ins_.empty()) return;
        const uuid key = walk_ins_.back();
        walk_ins_.pop_back();
        remember_pending(house_.stock.begin_release_claim(key));
        ASSERT_EQ(house_.stock.find_claim(key), nullptr);
    }

    // ---- what staff set

    void change_slot();
    void reconfigure();
    void reload();

    void publish() { follower_->hear(house_.publish(), below(2) == 0 ? touched_ : some_day(), random_); }

    setting setting_;
    std::mt19937 random_;
    house house_;
    oracle oracle_;
    std::optional<follower> follower_;
    std::vector<uuid> booked_, holds_, walk_ins_;
    std::vector<ask> held_;  // what the holds are for
    std::vector<release_ticket> tickets_;
    date touched_ = setting_.first;
    unsigned next_ = 1;
};

}  // namespace qtable::test

#include "tests/unit/core/inventory/random_house_staff.hpp"
