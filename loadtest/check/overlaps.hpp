// Finds what must not be: two parties at one table at the same time, among what a target stored, and among
// what it promised over time. Pure functions, any thread; O(n log n) for reasonable input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace qtable::loadtest {

// A table from one instant until another, half-open.
struct claim {
    std::string table;
    std::int64_t start_ms = 0, end_ms = 0;
    std::string reservation;
};

// Pairs of different reservations, by index; at least one pair for every claim that overlaps another one.
std::vector<std::pair<std::size_t, std::size_t>> find_overlaps(const std::vector<claim>& claims);

// A claim with what its customer saw, on the client's clock.
struct promise {
    claim of;
    std::int64_t sent_ns = 0, confirmed_ns = 0;
    std::int64_t released_ns = std::numeric_limits<std::int64_t>::max();  // when its cancelling was sent
};

// The second of each pair was asked for after the first had been confirmed, and confirmed before anybody had
// asked to cancel the first: whatever order the target put them in, it gave the table twice.
std::vector<std::pair<std::size_t, std::size_t>> find_double_promises(const std::vector<promise>& promises);

}  // namespace qtable::loadtest
