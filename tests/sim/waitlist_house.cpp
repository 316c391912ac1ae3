#include "tests/sim/waitlist_house.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "tests/sim/random.hpp"

namespace qtable::sim {

namespace {

double uniform(random_source& random) {
    return (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
}

double normal(random_source& random) {
    const double radius = std::sqrt(-2 * std::log(uniform(random)));
    return radius * std::cos(2 * std::numbers::pi * uniform(random));
}

// Marsaglia and Tsang's method, for shapes of at least 1; the mean is 1.
double gamma(random_source& random, double shape) {
    const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = normal(random), v = std::pow(1 + c * x, 3);
        if (v > 0 && std::log(uniform(random)) < x * x / 2 + d - d * v + d * std::log(v))
            return d * v / shape;
    }
}

int draw_size(const house& where, random_source& random) {
    const int total = std::accumulate(where.size_weights.begin(), where.size_weights.end(), 0);
    int at = random.between(1, total), size = 1;
    for (const int weight : where.size_weights) {
        if ((at -= weight) <= 0) break;
        ++size;
    }
    return size;
}

// Everything of a party that doesn't depend on how it came.
visit draw_party(const house& where, int size, int comes_min, double evening_pace, random_source& random) {
    visit v;
    v.size = size;
    v.turn_min = rules_turn_min(size);
    v.comes_min = comes_min;
    const double hurry = comes_min > 240 ? 0.92 : 1;
    const double mean = where.pace * evening_pace * hurry * (76 + 8.5 * size);
    const double minimum = 30;
    double stay = minimum + (mean - minimum) * gamma(random, where.stay_shape);
    if (random.chance(80)) stay += -30 * std::log(uniform(random));  // another bottle
    v.stay_min = static_cast<int>(std::lround(stay));
    v.clearing_min = random.between(2, 8);
    // Weibull: few leave soon.
    const double scale = where.patience_min / std::pow(std::numbers::ln2, 1 / 1.8);
    v.patience_min = static_cast<int>(scale * std::pow(-std::log(uniform(random)), 1 / 1.8)) + 5;
    return v;
}

// The smallest table that is free of other bookings.
int book_table(const house& where, const std::vector<visit>& booked, int size, int from, int until) {
    int best = -1;
    for (int t = 0; t < static_cast<int>(where.tables.size()); ++t) {
        const house::table& table = where.tables[static_cast<std::size_t>(t)];
        if (!fits(where, table.capacity, table.min_party, size)) continue;
        const bool is_taken = std::any_of(booked.begin(), booked.end(), [&](const visit& v) {
            return v.table == t && v.booked_min < until && from < v.booked_min + v.turn_min;
        });
        if (is_taken) continue;
        if (best < 0 || table.capacity < where.tables[static_cast<std::size_t>(best)].capacity) best = t;
    }
    return best;
}

std::vector<house::table> tables_of(std::initializer_list<std::pair<int, house::table>> kinds) {
    std::vector<house::table> tables;
    for (const auto& [count, table] : kinds)
        tables.insert(tables.end(), static_cast<std::size_t>(count), table);
    return tables;
}

}  // namespace

house busy_house() {
    house h;
    h.name = "busy";
    h.tables = tables_of({{10, {2, 1}}, {11, {4, 1}}, {4, {6, 3}}, {2, {8, 5}}, {1, {10, 6}}});
    h.pairs = {{{10, 11}, 8, 5}, {{12, 13}, 8, 5}, {{0, 1}, 4, 3}};
    h.walk_ins_per_hour = 17;
    h.booking_attempts = 26;
    h.size_weights = {6, 44, 14, 20, 6, 6, 2, 2};
    h.pace = 0.88;
    return h;
}

house calm_house() {
    house h;
    h.name = "calm";
    h.tables = tables_of({{10, {2, 1}}, {12, {4, 1}}, {5, {6, 2}}, {1, {8, 4}}});
    h.oversize_cap = 3;
    h.walk_ins_per_hour = 13;
    h.booking_attempts = 22;
    h.size_weights = {10, 50, 12, 20, 4, 4};
    h.pace = 1.02;
    h.stay_shape = 9;
    h.patience_min = 130;
    return h;
}

house large_tables_house() {
    house h;
    h.name = "large tables";
    h.tables = tables_of({{4, {2, 1}}, {8, {4, 2}}, {9, {6, 3}}, {6, {8, 4}}, {1, {12, 7}}});
    h.pairs = {{{4, 5}, 8, 6}, {{6, 7}, 8, 6}, {{12, 13}, 12, 8}};
    h.walk_ins_per_hour = 13;
    h.booking_attempts = 24;
    h.size_weights = {2, 16, 12, 26, 12, 16, 6, 8, 1, 1};
    h.pace = 0.8;
    h.stay_shape = 5;
    h.patience_min = 90;
    return h;
}

house one_like(const house& kind, std::uint64_t seed) {
    random_source random(seed);
    house h = kind;
    const auto vary = [&random](double& what, double by) { what *= 1 + by * (2 * uniform(random) - 1); };
    vary(h.pace, 0.12);
    vary(h.walk_ins_per_hour, 0.15);
    vary(h.patience_min, 0.25);
    vary(h.stay_shape, 0.3);
    return h;
}

int rules_turn_min(int size) noexcept {
    return size <= 2 ? 90 : size <= 4 ? 105 : size <= 6 ? 120 : 150;
}

bool fits(const house& where, int capacity, int min_party, int size) noexcept {
    return capacity >= size && min_party <= size &&
           (where.oversize_cap == 0 || capacity - size <= where.oversize_cap);
}

evening_plan draw_evening(const house& where, std::uint64_t seed) {
    random_source random(seed);
    evening_plan plan{random.next(), {}};
    const double pace = 1 + 0.07 * normal(random);
    for (int i = 0; i < where.booking_attempts; ++i) {
        const int size = draw_size(where, random);
        const int booked_min = 30 * random.between(0, 8);
        const int table = book_table(where, plan.visits, size, booked_min, booked_min + rules_turn_min(size));
        const int comes_min = std::max(0, booked_min + static_cast<int>(std::lround(3 + 6 * normal(random))));
        visit v = draw_party(where, size, comes_min, pace, random);
        v.is_booked = true;
        v.is_no_show = random.chance(60);
        v.booked_min = booked_min;
        v.table = table;
        if (table >= 0) plan.visits.push_back(v);
    }
    const double crowd = 1 + 0.12 * normal(random);
    for (int minute = 0; minute < last_seating_min; ++minute) {
        // A quiet start, the peak two and a half hours after opening.
        const double hours_off = (minute - 150) / 60.0;
        const double rate = where.walk_ins_per_hour * (0.25 + 0.75 * std::exp(-hours_off * hours_off / 2.4));
        if (uniform(random) >= crowd * rate / 60) continue;
        plan.visits.push_back(draw_party(where, draw_size(where, random), minute, pace, random));
    }
    std::stable_sort(plan.visits.begin(), plan.visits.end(),
                     [](const visit& a, const visit& b) { return a.comes_min < b.comes_min; });
    return plan;
}

}  // namespace qtable::sim
