// The scenarios by name: what is asked, how often, and what they need of the target. A constant table, any
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "loadtest/measure/kinds.hpp"

namespace qtable::loadtest {

// What happens in the middle of the run, besides the requests.
enum class drama : std::uint8_t {
    none,
    storms,        // all sockets drop at once and resume
    slow_readers,  // some sockets stop reading
    blip           // the database goes away
};

struct scenario {
    std::string_view name;
    std::string_view about;
    double rate = 0;  // requests a second, unless told otherwise
    std::array<unsigned, kinds> weights{};
    unsigned sockets = 0;  // unless told otherwise
    unsigned own_restaurants = 0;
    drama what = drama::none;
    bool needs_sockets = false;  // makes no sense without
    bool is_hot = false;         // everybody wants the same table and evening
    bool is_verified = false;    // every confirmation is looked up afterwards, always

    bool asks(kind which) const noexcept { return weights[static_cast<std::size_t>(which)] > 0; }
    bool books() const noexcept { return asks(kind::book); }
};

std::span<const scenario> scenarios() noexcept;
const scenario* find_scenario(std::string_view name) noexcept;

}  // namespace qtable::loadtest
