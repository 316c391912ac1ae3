// A naive second answer to "can this party sit at this start": lists of intervals, gone through one by one.
// It shares no code with core/inventory but the plain values. Times of its restaurants lie on the 5-minute
// grid.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "core/base/zone.hpp"
#include "core/inventory/inventory.hpp"
#include "core/model/reasons.hpp"
#include "core/model/restaurant.hpp"
#include "core/model/slot.hpp"

namespace qtable::test {

// Everything that takes capacity, by whom: a reservation, a walk-in, their old places until their commit, a
// hold.
struct oracle_claim {
    uuid who;
    std::set<table_id> tables;
    instant from, until, starts_at;
    int party_size = 0;
    std::optional<slot_id> slot;
    bool is_stored = false;     // counted down in the slot's number
    std::uint64_t pending = 0;  // the ticket of what waits for its commit
};

struct oracle_answer {
    reasons why;   // of capacity
    reasons left;  // of everything, after overrides
    int available_tables = 0;
    std::set<table_id> tables;
    std::optional<slot_id> slot;
};

struct oracle {
    const restaurant* place = nullptr;
    const zone* where = nullptr;
    std::vector<oracle_claim> claims;
    std::map<std::tuple<std::int32_t, int, int>, slot>
        slots;                         // (day, wall minute, size); numbers as published, not counted
    std::map<slot_id, int> published;  // units in all, taken or not

    bool is_free(const table_id& table, instant from, instant until,
                 const std::optional<uuid>& ignoring) const {
        return std::none_of(claims.begin(), claims.end(), [&](const oracle_claim& c) {
            return (!ignoring || c.who != *ignoring) && c.tables.count(table) == 1 && c.from < until &&
                   from < c.until;
        });
    }

    // What size, clock and capacity say, less what staff set aside.
    oracle_answer judge(const ask& q) const {
        const booking_rules& rules = place->rules;
        reasons why;
        if (q.party_size < rules.min_party || q.party_size < 1) why.add(reason::party_too_small);
        if (q.party_size > rules.max_party) why.add(reason::party_too_large);
        const bool hopeless = !place->tables.empty() && q.party_size > largest();
        if (hopeless) why.add(reason::no_table);
        why.add(clock(q));

        const bool is_online = q.channel == booking_channel::online;
        const bool by_size = q.party_size < 1 || (is_online && (hopeless || q.party_size > rules.max_party));
        oracle_answer answer;
        if (!by_size) {
            answer = capacity_of(q);
            why.add(answer.why);
        }
        for (unsigned r = 0; r < static_cast<unsigned>(reason::count_); ++r) {
            const auto which = static_cast<reason>(r);
            if (why.has(which) && (which == reason::no_table || !q.overrides.has(which)))
                answer.left.add(which);
        }
        if (by_size && answer.left.none()) answer.left = reason::no_table;
        if (!answer.left.none()) return {{}, answer.left, 0, {}, answer.slot};
        answer.available_tables = std::max(answer.available_tables, 1);
        return answer;
    }

    reasons clock(const ask& q) const {
        const booking_rules& rules = place->rules;
        const auto minutes_ahead = (q.start.starts_at.ms - q.now.ms) / ms_per_minute;
        reasons why;
        if (q.start.starts_at < q.now) why.add(reason::past);
        if (q.channel == booking_channel::house) return why;
        if (rules.min_notice_min > 0 && minutes_ahead < rules.min_notice_min) why.add(reason::min_notice);
        if (q.date.days - where->local_at(q.now).date.days > rules.window_days) why.add(reason::max_notice);
        if (place->paused_until && *place->paused_until > q.now) why.add(reason::paused);
        return why;
    }

    int largest() const {
        int found = 0;
        std::set<table_id> in_service;
        for (const table& t : place->tables) {
            if (t.status == table_status::out_of_service) continue;
            in_service.insert(t.id);
            found = std::max(found, t.capacity);
        }
        for (const table_combination& c : place->combinations) {
            const bool whole = std::all_of(c.table_ids.begin(), c.table_ids.end(),
                                           [&](const auto& id) { return in_service.count(id) == 1; });
            if (whole) found = std::max(found, c.capacity);
        }
        return found;
    }

    bool is_paced_out(instant starts_at, int party, booking_channel channel,
                      const std::optional<uuid>& ignoring) const {
        const booking_rules& rules = place->rules;
        int parties = 1, covers = party;
        for (const oracle_claim& c : claims) {
            const std::int64_t apart = std::abs(c.starts_at.ms - starts_at.ms) / ms_per_minute;
            if (apart >= rules.slot_interval_min || (ignoring && c.who == *ignoring)) continue;
            parties += 1;
            covers += c.party_size;
        }
        std::vector<std::pair<int, int>> caps = {{rules.house_pacing_parties, parties},
                                                 {rules.house_pacing_covers, covers}};
        if (channel == booking_channel::online) {
            caps.emplace_back(rules.pacing_parties, parties);
            caps.emplace_back(rules.pacing_covers, covers);
        }
        return std::any_of(caps.begin(), caps.end(),
                           [](const auto& cap) { return cap.first != 0 && cap.second > cap.first; });
    }

    oracle_answer capacity_of(const ask& q) const {
        const booking_rules& rules = place->rules;
        const int turn = rules.turn_time_min(q.party_size);
        const instant from = q.start.starts_at.plus_minutes(-rules.buffer_before_min);
        const instant until = q.start.starts_at.plus_minutes(turn + rules.buffer_after_min);
        oracle_answer answer;

        const slot* offered = nullptr;
        for (int size = 100; size >= q.party_size; --size) {
            const auto found = slots.find({q.date.days, q.start.minute % 1440, size});
            if (found != slots.end()) offered = &found->second;
        }
        if (offered == nullptr && q.start.room_min < turn) answer.why.add(reason::closed);
        if (place->tables.empty() && offered == nullptr) {
            answer.why = reason::no_table;
            answer.why.add(reason::closed);
            return answer;
        }
        answer.available_tables =
            place->tables.empty() ? 1 << 20 : seat(from, until, q.party_size, q.ignoring, answer.tables);
        if (answer.available_tables == 0) answer.why.add(reason::no_table);
        if (offered != nullptr) {
            int units = published.at(offered->id);
            for (const oracle_claim& c : claims) {
                if (c.slot == offered->id && (!q.ignoring || c.who != *q.ignoring)) --units;
            }
            if (units <= 0 || !offered->is_available) answer.why.add(reason::blocked);
            answer.available_tables = std::min(answer.available_tables, std::max(units, 0));
            if (units > 0) answer.slot = offered->id;
        }
        if (is_paced_out(q.start.starts_at, q.party_size, q.channel, q.ignoring)) {
            answer.why.add(reason::pacing);
        }
        return answer;
    }

    // From when on one of the tables is taken.
    instant free_until(const std::vector<table_id>& tables, instant from,
                       const std::optional<uuid>& ignoring) const {
        instant first = inventory::far_future;
        for (const oracle_claim& c : claims) {
            if ((ignoring && c.who == *ignoring) || c.until <= from) continue;
            for (const table_id& t : tables) {
                if (c.tables.count(t) == 1) first = std::min(first, std::max(c.from, from));
            }
        }
        return first;
    }

    // How many choices there are, and the first.
    int seat(instant from, instant until, int party, const std::optional<uuid>& ignoring,
             std::set<table_id>& first, const std::set<table_id>* allowed = nullptr) const {
        const auto fits = [&](const auto& t) {
            return t.capacity >= party && t.min_party <= party &&
                   (place->rules.oversize_cap == 0 || t.capacity - party <= place->rules.oversize_cap);
        };
        const auto combines = [&](const table& t) {
            return std::any_of(place->combinations.begin(), place->combinations.end(), [&](const auto& c) {
                return std::find(c.table_ids.begin(), c.table_ids.end(), t.id) != c.table_ids.end();
            });
        };
        std::set<table_id> free;
        std::vector<const table*> singles;
        for (const table& t : place->tables) {
            if (t.status == table_status::out_of_service || !is_free(t.id, from, until, ignoring)) continue;
            if (allowed != nullptr && allowed->count(t.id) == 0) continue;
            free.insert(t.id);
            if (fits(t)) singles.push_back(&t);
        }
        if (!singles.empty()) {
            const auto best =
                *std::min_element(singles.begin(), singles.end(), [&](const table* a, const table* b) {
                    return std::tuple(a->capacity, combines(*a), a->label, a->id) <
                           std::tuple(b->capacity, combines(*b), b->label, b->id);
                });
            first = {best->id};
            return static_cast<int>(singles.size());
        }
        std::vector<const table_combination*> order;
        for (const table_combination& c : place->combinations) order.push_back(&c);
        std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
            return std::tie(a->capacity, a->label, a->id) < std::tie(b->capacity, b->label, b->id);
        });
        int count = 0;
        for (const table_combination* c : order) {
            if (!fits(*c)) continue;
            if (!std::all_of(c->table_ids.begin(), c->table_ids.end(),
                             [&](const auto& id) { return free.count(id) == 1; })) {
                continue;
            }
            for (const table_id& id : c->table_ids) free.erase(id);
            if (count++ == 0) first = {c->table_ids.begin(), c->table_ids.end()};
        }
        return count;
    }
};

}  // namespace qtable::test
