#include "loadtest/scenario/scenario.hpp"

namespace qtable::loadtest {

namespace {

// Weights in the order of `kind`: search, availability, book, cancel, staff, list.
constexpr scenario table[] = {
    {.name = "search",
     .about = "restaurants within 3 km of random places, three of ten with date, time and party",
     .rate = 1000,
     .weights = {100, 0, 0, 0, 0, 0}},
    {.name = "availability",
     .about = "the slots of a restaurant's day",
     .rate = 1000,
     .weights = {0, 100, 0, 0, 0, 0}},
    {.name = "book",
     .about = "bookings of free times, one of five cancelled again",
     .rate = 200,
     .weights = {0, 0, 80, 20, 0, 0},
     .own_restaurants = 4},
    {.name = "dinner-rush",
     .about = "search 70, availability 20, book 6, cancel 1, staff 3, with sockets on all sides",
     .rate = 500,
     .weights = {70, 20, 6, 1, 3, 0},
     .sockets = 60,
     .own_restaurants = 6},
    {.name = "hot-restaurant",
     .about = "everybody wants the same table on one evening; then every confirmation is looked up",
     .rate = 300,
     .weights = {0, 0, 95, 5, 0, 0},
     .own_restaurants = 1,
     .is_hot = true,
     .is_verified = true},
    {.name = "reconnect-storm",
     .about = "all sockets drop at once and resume where they were, while bookings go on",
     .rate = 100,
     .weights = {0, 0, 70, 30, 0, 0},
     .sockets = 300,
     .own_restaurants = 4,
     .what = drama::storms,
     .needs_sockets = true},
    {.name = "slow-consumers",
     .about = "one socket of four stops reading while events flow; do the others notice?",
     .rate = 200,
     .weights = {0, 0, 60, 40, 0, 0},
     .sockets = 40,
     .own_restaurants = 1,
     .what = drama::slow_readers,
     .needs_sockets = true},
    {.name = "db-blip",
     .about = "bookings and reads while the database is interrupted; then every confirmation is looked up",
     .rate = 200,
     .weights = {0, 45, 45, 10, 0, 0},
     .own_restaurants = 4,
     .what = drama::blip,
     .is_verified = true},
};

}  // namespace

std::span<const scenario> scenarios() noexcept {
    return table;
}

const scenario* find_scenario(std::string_view name) noexcept {
    for (const scenario& each : table) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

}  // namespace qtable::loadtest
