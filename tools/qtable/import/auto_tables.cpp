#include "tools/qtable/import/auto_tables.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tools/qtable/import/prng.hpp"

namespace qtable::tools {

namespace {

constexpr int tables_min = 6;
constexpr int tables_max = 24;
constexpr int tables_per_row = 7;
constexpr int combinations_max = 3;
constexpr double margin = 10;

struct section_plan {
    const char* name;
    std::vector<int> capacities;
};

// Percentages for two, four, six and eight seats.
using capacity_mix = std::array<int, 4>;
constexpr capacity_mix main_mix = {35, 40, 15, 10};
constexpr capacity_mix window_mix = {70, 30, 0, 0};
constexpr capacity_mix terrace_mix = {40, 60, 0, 0};
constexpr capacity_mix bar_mix = {100, 0, 0, 0};

int draw_capacity(prng& random, const capacity_mix& mix) {
    int draw = random.between(0, 99);
    int capacity = 2;
    for (const int percent : mix) {
        if (draw < percent) break;
        draw -= percent;
        capacity += 2;
    }
    return capacity;
}

section_plan plan_section(prng& random, const char* name, int count, const capacity_mix& mix) {
    section_plan section{name, {}};
    for (int i = 0; i < count; ++i) section.capacities.push_back(draw_capacity(random, mix));
    return section;
}

std::vector<section_plan> plan_sections(prng& random) {
    const int total = random.between(tables_min, tables_max);
    const int window = total / 4;
    const int bar = total >= 9 && random.chance(60) ? random.between(2, 3) : 0;
    const int terrace = total >= 12 && random.chance(50) ? random.between(2, total / 4) : 0;
    std::vector<section_plan> sections;
    sections.push_back(plan_section(random, "Window", window, window_mix));
    sections.push_back(plan_section(random, "Main", total - window - bar - terrace, main_mix));
    sections.push_back(plan_section(random, "Bar", bar, bar_mix));
    sections.push_back(plan_section(random, "Terrace", terrace, terrace_mix));
    // Every floor has two tables for two side by side: something small, and something to join.
    sections[1].capacities[0] = 2;
    sections[1].capacities[1] = 2;
    for (section_plan& section : sections) std::sort(section.capacities.begin(), section.capacities.end());
    return sections;
}

// A large table is not given to a party that a table of half its size would take.
int min_party_of(int capacity) {
    return capacity <= 2 ? 1 : capacity == 4 ? 2 : capacity / 2 + 1;
}

std::string shape_of(prng& random, const std::string& section, int capacity) {
    if (section == "Bar") return "bar";
    if (capacity >= 6) return "rectangle";
    return random.chance(50) ? "round" : "square";
}

bool can_join(const import_table& left, const import_table& right) {
    return left.y == right.y && left.section == right.section && left.section != "Bar" &&
           left.capacity == right.capacity && left.capacity <= 4;
}

std::vector<import_combination> join_neighbours(prng& random, const std::vector<import_table>& tables) {
    std::vector<std::size_t> lefts;
    for (std::size_t i = 0; i + 1 < tables.size(); ++i) {
        if (can_join(tables[i], tables[i + 1])) lefts.push_back(i);
    }
    const int wanted = random.between(1, combinations_max);
    std::vector<import_combination> combinations;
    std::vector<bool> taken(tables.size(), false);
    while (!lefts.empty() && combinations.size() < static_cast<std::size_t>(wanted)) {
        const std::size_t drawn = random.below(lefts.size());
        const std::size_t left = lefts[drawn];
        lefts.erase(lefts.begin() + static_cast<std::ptrdiff_t>(drawn));
        if (taken[left] || taken[left + 1]) continue;
        taken[left] = taken[left + 1] = true;
        const int capacity = 2 * tables[left].capacity;
        combinations.push_back({tables[left].label + "+" + tables[left + 1].label,
                                {static_cast<int>(left), static_cast<int>(left + 1)},
                                capacity,
                                capacity / 2 + 1});
    }
    return combinations;
}

}  // namespace

void furnish(import_restaurant& restaurant) {
    if (!restaurant.tables.empty()) return;
    prng random(hash_of(restaurant.source_ref));
    int row = 0;
    for (const section_plan& section : plan_sections(random)) {
        int column = 0;
        for (const int capacity : section.capacities) {
            if (column == tables_per_row) {
                column = 0;
                ++row;
            }
            import_table table;
            table.label = "T" + std::to_string(restaurant.tables.size() + 1);
            table.capacity = capacity;
            table.min_party = min_party_of(capacity);
            table.section = section.name;
            table.x = margin + table_spacing * column++;
            table.y = margin + table_spacing * row;
            table.shape = shape_of(random, table.section, capacity);
            restaurant.tables.push_back(std::move(table));
        }
        if (column > 0) ++row;
    }
    restaurant.combinations = join_neighbours(random, restaurant.tables);
}

}  // namespace qtable::tools
