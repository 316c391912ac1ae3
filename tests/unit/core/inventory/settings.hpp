// The kinds of restaurants that the property tests run: hours, zones and rules that have broken such systems
// before.
#pragma once

#include <random>
#include <vector>

#include "tests/unit/core/inventory/fixture.hpp"

namespace qtable::test {

struct setting {
    const char* name;
    const char* hours;
    zone where;
    date first;  // a week from here on
    bool has_tables = true;
    bool paced = false;
    bool buffered = false;
    bool has_special_days = false;
};

inline std::vector<setting> settings() {
    return {
        {"evenings", "18:00-23:00", zone::utc(), day("2026-11-23")},
        {"split hours, pacing", "11:45-14:30,18:00-22:30", berlin(), day("2026-11-23"), true, true},
        {"nights over the spring gap", "19:00-05:00", berlin(), day("2027-03-25"), true, false, true},
        {"24/7 over the autumn fold", "00:00-24:00", berlin(), day("2027-10-29"), true, true, true},
        {"24/7, a half-hour change", "10:00-10:00", lord_howe(), day("2027-04-01"), true},
        {"overlapping days", "06:00-12:00,13:00-07:30", kathmandu(), day("2026-11-23"), true, false, true},
        {"special days", "11:00-15:00,18:00-01:00", st_johns(), day("2026-10-29"), true, true, true, true},
        {"special days over the spring gap", "18:00-04:00", new_york(), day("2027-03-11"), true, false, true,
         true},
        {"slots alone", "18:00-02:00", new_york(), day("2026-10-30"), false, true}};
}

inline restaurant config(const setting& s, unsigned seed) {
    std::mt19937 random(seed);
    restaurant place = small_restaurant();
    place.profile.hours = every_day(s.hours);
    place.tables.clear();
    if (s.has_tables) {
        for (unsigned t = 1; t <= 4 + seed % 4; ++t) {
            place.tables.push_back(
                make_table(t, 1 + static_cast<int>(random() % 6), 1 + static_cast<int>(random() % 2)));
        }
        place.combinations = {combine(1, {1, 2}, 7), combine(2, {2, 3, 4}, 8, 4), combine(3, {3, 4}, 7)};
    }
    place.rules.turn_times = {{2, 60}, {4, 90}, {100, 135}};
    place.rules.max_party = 8;
    place.rules.oversize_cap = static_cast<int>(seed % 3) * 2;
    if (s.paced) place.rules.pacing_parties = 2, place.rules.pacing_covers = 9;
    if (s.paced && seed % 2 == 0) place.rules.house_pacing_parties = 3, place.rules.house_pacing_covers = 12;
    if (s.has_special_days) {
        place.special_days = {{s.first.plus_days(1), {}, "closed"},
                              {s.first.plus_days(2), *parse_day_hours("00:00-03:30,10:00-04:00"), "feast"},
                              {s.first.plus_days(3), *parse_day_hours("04:00-12:00"), "brunch"},
                              {s.first.plus_days(5), *parse_day_hours("02:00-02:00"), "all day"}};
    }
    if (s.buffered) place.rules.buffer_before_min = 10, place.rules.buffer_after_min = 15;
    return place;
}

}  // namespace qtable::test
