// The words that the demo city is made of: districts with their place and weight, streets, cuisines with what
// is said of them, and the two halves of a restaurant's name. Constant data; any thread.
#pragma once

#include <array>
#include <string_view>

namespace qtable::tools {

// How a place keeps its hours.
enum class hours_style { lunch_and_dinner, dinner, all_day, late, brunch, always };

struct demo_district {
    std::string_view name;
    double east_km;  // from the city's centre
    double north_km;
    double spread_km;  // most restaurants lie within, none beyond twice of it
    int weight;        // share of the restaurants
    std::array<std::string_view, 5> streets;
};

struct demo_cuisine {
    std::string_view type;     // as in `cuisine_type`
    std::string_view kitchen;  // after a name: "Brasserie"
    std::array<std::string_view, 3> dishes;
    int weight;
    int price_from;  // number of "$"
    int price_to;
    hours_style usual;
};

extern const std::array<demo_district, 8> demo_districts;
extern const std::array<demo_cuisine, 20> demo_cuisines;
extern const std::array<std::string_view, 40> demo_name_firsts;
extern const std::array<std::string_view, 40> demo_name_seconds;
extern const std::array<std::string_view, 10> demo_rooms;     // "A quiet room"
extern const std::array<std::string_view, 10> demo_closings;  // "and time to stay"

}  // namespace qtable::tools
