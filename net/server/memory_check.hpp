// Compares what the owners hold in memory with the database, while they serve: each core reads its
// restaurants again, some at a time, and those on which something is just on its way once more later. Changes
// nothing. Started from any thread; `done` is called once, on some core. Bounds: `restaurants_at_a_time`
// images a core; `reported` differences are told, the rest is counted.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace qtable::net {

class app_core;

struct memory_comparison {
    std::size_t restaurants = 0;
    std::size_t unsettled = 0;  // something was always on its way
    std::size_t difference_count = 0;
    std::vector<std::string> differences;
};

namespace memory_check {
constexpr std::size_t restaurants_at_a_time = 64;
constexpr std::size_t reported = 100;
constexpr int rounds = 50;
}  // namespace memory_check

void compare_memory(std::span<app_core* const> cores, std::function<void(memory_comparison&&)> done);

}  // namespace qtable::net
