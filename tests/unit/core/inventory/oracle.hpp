// A naive second answer to "can this party sit at this start": lists of intervals, gone through one by one.
// It shares no code with core/inventory but the plain values. Times of its restaurants lie on the 5-minute
// grid.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "core/model/reasons.hpp"
#include "core/model/restaurant.hpp"
#include "core/model/slot.hpp"

namespace qtable::test {

// Everything that takes capacity, by whom: a reservation, its old places until their commit, a hold.
struct oracle_claim {
    uuid who;
    std::set<table_id> tables;
    instant from, until, starts_at;
    int party_size = 0;
    std::optional<slot_id> slot;
    bool is_stored = false;  // counted down in the slot's number
};

struct oracle_answer {
    reasons why;
    int available_tables = 0;
    std::set<table_id> tables;
    std::optional<slot_id> slot;
};

struct oracle {
    const restaurant* place = nullptr;
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

    oracle_answer judge(date day, int minute, instant starts_at, int room_min, int party,
                        const std::optional<uuid>& ignoring = std::nullopt) const {
        const booking_rules& rules = place->rules;
        const int turn = rules.turn_time_min(party);
        const instant from = starts_at.plus_minutes(-rules.buffer_before_min);
        const instant until = starts_at.plus_minutes(turn + rules.buffer_after_min);
        oracle_answer answer;

        const slot* offered = nullptr;
        for (int size = 100; size >= party; --size) {
            const auto found = slots.find({day.days, minute % 1440, size});
            if (found != slots.end()) offered = &found->second;
        }
        if (offered == nullptr && room_min < turn) answer.why.add(reason::closed);
        if (place->tables.empty() && offered == nullptr) {
            answer.why.add(reason::no_table);
            return answer;
        }
        answer.available_tables =
            place->tables.empty() ? 1 << 20 : seat(from, until, party, ignoring, answer.tables);
        if (answer.available_tables == 0) answer.why.add(reason::no_table);
        if (offered != nullptr) {
            int left = published.at(offered->id);
            for (const oracle_claim& c : claims) {
                if (c.slot == offered->id && (!ignoring || c.who != *ignoring)) --left;
            }
            if (left <= 0 || !offered->is_available) answer.why.add(reason::blocked);
            answer.available_tables = std::min(answer.available_tables, std::max(left, 0));
            answer.slot = offered->id;
        }
        int parties = 1, covers = party;
        for (const oracle_claim& c : claims) {
            const std::int64_t apart = std::abs(c.starts_at.ms - starts_at.ms) / ms_per_minute;
            if (apart >= rules.slot_interval_min || (ignoring && c.who == *ignoring)) continue;
            parties += 1;
            covers += c.party_size;
        }
        if ((rules.pacing_parties > 0 && parties > rules.pacing_parties) ||
            (rules.pacing_covers > 0 && covers > rules.pacing_covers)) {
            answer.why.add(reason::pacing);
        }
        if (!answer.why.none()) answer = {answer.why, 0, {}, answer.slot};
        return answer;
    }

    // How many choices there are, and the first.
    int seat(instant from, instant until, int party, const std::optional<uuid>& ignoring,
             std::set<table_id>& first) const {
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
