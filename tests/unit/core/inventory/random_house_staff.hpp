// Part of random_house: what staff change, and a restart.
#pragma once

#include "tests/unit/core/inventory/random_house.hpp"

namespace qtable::test {

inline void random_house::change_slot() {
    const date on = some_day();
    const int minute = static_cast<int>(below(96)) * 15, size = some_party();
    touched_ = on;
    const auto known = oracle_.slots.find({on.days, minute, size});
    if (known != oracle_.slots.end() && below(2) == 0) {
        const slot_id id = known->second.id;
        if (std::any_of(oracle_.claims.begin(), oracle_.claims.end(),
                        [&](const auto& c) { return c.slot == id; })) {
            return;  // ids that claims refer to stay
        }
        house_.stock.remove_slot(id);
        oracle_.slots.erase(known);
        return;
    }
    slot value =
        make_slot(next_++, on, minute, size, static_cast<int>(below(4)) * (below(20) == 0 ? 100 : 1));
    value.is_available = below(5) != 0;
    if (known != oracle_.slots.end()) value.id = known->second.id;
    house_.stock.upsert_slot(value);
    oracle_.slots[{on.days, minute, size}] = value;
    // What is left from now on; what present reservations took of it before is out of that number.
    int taken = 0;
    for (const oracle_claim& c : oracle_.claims) {
        taken += c.slot == value.id && c.is_stored && c.pending == 0 ? 1 : 0;
    }
    oracle_.published[value.id] = value.available_tables + taken;
}

inline void random_house::reconfigure() {
    restaurant& place = house_.place;
    booking_rules& rules = place.rules;
    const auto number = [this](unsigned bound) { return static_cast<int>(below(bound)); };
    switch (below(9)) {
        case 0:
            rules.turn_times[1].minutes = 75 + 15 * number(3);
            break;
        case 1:
            rules.pacing_parties = number(4);
            rules.pacing_covers = 5 * number(3);
            break;
        case 2:
            rules.house_pacing_parties = number(5);
            rules.house_pacing_covers = 8 * number(3);
            break;
        case 3:
            rules.buffer_before_min = 5 * number(4);
            rules.buffer_after_min = 5 * number(4);
            break;
        case 4:
            if (!place.tables.empty()) place.tables[below(place.tables.size())].capacity = 1 + number(6);
            break;
        case 5:
            if (!place.tables.empty()) {
                table& t = place.tables[below(place.tables.size())];
                t.status = below(2) == 0 ? table_status::available : table_status::out_of_service;
            }
            break;
        case 6:
            place.paused_until =
                below(2) == 0 ? std::nullopt : std::optional(house_.now.plus_minutes(number(3)));
            break;
        case 7:
            rules.min_party = 1 + number(2);
            rules.oversize_cap = 2 * number(3);
            rules.min_notice_min = 60 * number(3);
            break;
        default: {
            const date on = some_day();
            std::erase_if(place.special_days, [on](const special_day& s) { return s.date == on; });
            const char* const texts[] = {"", "12:00-20:00", "00:00-02:30,20:00-06:00", "09:00-09:00"};
            if (below(3) != 0) place.special_days.push_back({on, *parse_day_hours(texts[below(4)]), ""});
            std::sort(place.special_days.begin(), place.special_days.end(),
                      [](const special_day& a, const special_day& b) { return a.date < b.date; });
            touched_ = on;
        }
    }
    house_.reconfigure();
}

// What the database and the reloaded memory hold is the same: nothing pending, the slots with what is left.
inline void random_house::reload() {
    while (!tickets_.empty()) commit();
    inventory fresh(view_of(house_.place, house_.where));
    for (const auto& [place, value] : oracle_.slots) fresh.upsert_slot(*house_.stock.find_slot(value.id));
    for (const uuid& id : booked_) fresh.restore(reservation(*house_.stock.find(reservation_id(id))));
    for (const uuid& key : walk_ins_) fresh.restore_claim(key, *house_.stock.find_claim(key));
    for (const uuid& key : holds_) fresh.take_claim(key, *house_.stock.find_claim(key));
    house_.stock.withdraw(house_.graveyard);
    house_.stock = std::move(fresh);
    publish();
}

}  // namespace qtable::test
