#include "tools/qtable/import/demo_city.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <utility>

#include "tools/qtable/import/auto_tables.hpp"
#include "tools/qtable/import/demo_city_words.hpp"
#include "tools/qtable/import/prng.hpp"

namespace qtable::tools {

namespace {

constexpr double km_per_degree = 111.195;
constexpr std::size_t monday = 0;
constexpr std::size_t friday = 4;
constexpr std::size_t saturday = 5;
constexpr std::size_t sunday = 6;

constexpr int at(int hour, int minute = 0) {
    return hour * 60 + minute;
}

hours_range range(int open_min, int close_min) {
    return {static_cast<std::int16_t>(open_min), static_cast<std::int16_t>(close_min)};
}

template <class Items>
const auto& pick_by_weight(prng& random, const Items& items) {
    const int total = std::accumulate(items.begin(), items.end(), 0,
                                      [](int sum, const auto& item) { return sum + item.weight; });
    int draw = random.between(0, total - 1);
    for (const auto& item : items) {
        if (draw < item.weight) return item;
        draw -= item.weight;
    }
    return items.back();
}

hours_style draw_style(prng& random, const demo_cuisine& cuisine) {
    if (random.chance(2)) return hours_style::always;
    if (random.chance(70)) return cuisine.usual;
    constexpr std::array others = {hours_style::lunch_and_dinner, hours_style::dinner, hours_style::all_day,
                                   hours_style::late, hours_style::brunch};
    return random.pick(others);
}

// One day of a style; weekend evenings run later. `shift` moves a place a half hour either way.
day_hours hours_of_day(hours_style style, std::size_t day, int shift) {
    const bool late_evening = day == friday || day == saturday;
    const bool weekend = day == saturday || day == sunday;
    switch (style) {
        case hours_style::lunch_and_dinner:
            return {range(at(11, 30) + shift, at(14, 30) + shift),
                    range(at(17, 30) + shift, (late_evening ? at(23) : at(22)) + shift)};
        case hours_style::dinner:
            return {range(at(17) + shift, late_evening ? at(24) : at(22, 30) + shift)};
        case hours_style::all_day:
            return {range(at(11) + shift, late_evening ? at(23) : at(22))};
        case hours_style::late:
            return {range(at(16, 30) + shift, late_evening ? at(26) : at(25))};
        case hours_style::brunch:
            return {range(weekend ? at(9) : at(8, 30) + shift, weekend ? at(17) : at(16) + shift)};
        case hours_style::always:
            break;
    }
    return {range(0, at(24))};
}

weekly_hours draw_hours(prng& random, const demo_cuisine& cuisine) {
    const hours_style style = draw_style(random, cuisine);
    const int shift = 30 * random.between(-1, 1);
    weekly_hours week;
    for (std::size_t day = 0; day < week.days.size(); ++day) week.days[day] = hours_of_day(style, day, shift);
    if (style == hours_style::always) return week;
    if (random.chance(45)) week.days[monday].clear();
    if (style != hours_style::brunch && random.chance(35)) week.days[sunday].clear();
    if (style == hours_style::brunch && random.chance(30)) week.days[monday + 1].clear();
    return week;
}

void draw_position(prng& random, const demo_district& district, import_restaurant& restaurant) {
    // The mean of three is denser in the middle; at most twice the spread from it on either axis.
    const auto offset_km = [&] {
        const double middle = (random.unit() + random.unit() + random.unit()) / 3;
        return (2 * middle - 1) * 2 * district.spread_km * std::numbers::sqrt2 / 2;
    };
    const double north_km = district.north_km + offset_km();
    const double east_km = district.east_km + offset_km();
    const double shrink = std::cos(demo_city_latitude * std::numbers::pi / 180);
    const auto rounded = [](double degrees) { return std::round(degrees * 1e6) / 1e6; };
    restaurant.latitude = rounded(demo_city_latitude + north_km / km_per_degree);
    restaurant.longitude = rounded(demo_city_longitude + east_km / (km_per_degree * shrink));
}

// All pairs of the two halves, in the seed's order.
std::vector<std::pair<std::size_t, std::size_t>> shuffled_names(prng& random) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t first = 0; first < demo_name_firsts.size(); ++first) {
        for (std::size_t second = 0; second < demo_name_seconds.size(); ++second)
            pairs.emplace_back(first, second);
    }
    for (std::size_t i = pairs.size() - 1; i > 0; --i) std::swap(pairs[i], pairs[random.below(i + 1)]);
    return pairs;
}

std::string draw_name(prng& random, std::string pair, const demo_cuisine& cuisine) {
    const int draw = random.between(0, 99);
    if (draw < 35) return "The " + pair;
    if (draw < 65) return pair + ' ' + std::string(cuisine.kitchen);
    return pair;
}

std::string host_label(const std::string& pair) {
    std::string label;
    for (const char c : pair) {
        label += c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return label;
}

std::string draw_phone(prng& random) {
    std::string phone = "+45 00";
    for (int pair = 0; pair < 3; ++pair) {
        const std::string digits = std::to_string(random.between(100, 199));
        phone += ' ' + digits.substr(1);
    }
    return phone;
}

std::string draw_description(prng& random, const demo_cuisine& cuisine, const demo_district& district) {
    std::string text(random.pick(demo_rooms));
    text += " in " + std::string(district.name) + ": ";
    const std::size_t dish = random.below(cuisine.dishes.size());
    text += cuisine.dishes[dish];
    text += ", ";
    text += cuisine.dishes[(dish + 1) % cuisine.dishes.size()];
    text += ", ";
    text += random.pick(demo_closings);
    return text + '.';
}

}  // namespace

std::vector<import_restaurant> make_demo_city(const demo_city_options& options) {
    prng order(options.seed);
    const auto names = shuffled_names(order);
    std::vector<import_restaurant> city;
    city.reserve(options.restaurants);
    for (std::size_t i = 0; i < options.restaurants; ++i) {
        import_restaurant restaurant;
        restaurant.source_ref = "demo:" + std::to_string(options.seed) + ':' + std::to_string(i + 1);
        // Of its own reference: a larger city begins with the smaller one.
        prng random(hash_of(restaurant.source_ref));
        const demo_district& district = pick_by_weight(random, demo_districts);
        const demo_cuisine& cuisine = pick_by_weight(random, demo_cuisines);
        const auto [first, second] = names[i % names.size()];
        const std::string pair =
            std::string(demo_name_firsts[first]) + ' ' + std::string(demo_name_seconds[second]);
        const std::size_t branch = i / names.size() + 1;
        const std::string number = branch == 1 ? std::string() : std::to_string(branch);
        restaurant.name = draw_name(random, pair, cuisine) + (branch == 1 ? "" : " No. " + number);
        restaurant.description = draw_description(random, cuisine, district);
        restaurant.cuisine_type = cuisine.type;
        restaurant.price_range =
            std::string(static_cast<std::size_t>(random.between(cuisine.price_from, cuisine.price_to)), '$');
        draw_position(random, district, restaurant);
        restaurant.phone = draw_phone(random);
        restaurant.website =
            "https://" + host_label(pair) + (branch == 1 ? "" : '-' + number) + ".example.test";
        restaurant.address = std::string(random.pick(district.streets)) + ' ' +
                             std::to_string(random.between(1, 88)) + ", Havnestad " +
                             std::string(district.name);
        restaurant.timezone = "Europe/Copenhagen";
        restaurant.hours = draw_hours(random, cuisine);
        restaurant.has_hours = true;
        furnish(restaurant);
        city.push_back(std::move(restaurant));
    }
    return city;
}

}  // namespace qtable::tools
