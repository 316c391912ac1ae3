// How long parties stay, as draws: lognormal around the turn time of the rules, moved towards what was
// learned of this restaurant the more of it there is. A draw is a function of (scenario, dimension), so the
// same floor gets the same draws; along each dimension the scenarios fall into one stratum each (a Latin
// hypercube). Any core; immutable. Bounds: a few KiB, no allocation. Everything in minutes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/waitlist/wait_estimate.hpp"

namespace qtable {

class stay_model {
  public:
    static constexpr std::size_t scenarios = 128;  // a power of two

    explicit stay_model(const turn_experience& learned) noexcept;

    // Of a party that sits down.
    double stay_min(std::size_t scenario, std::uint32_t dimension, double turn_min) const noexcept;
    // For a party that has been sitting for so long already, by scenario: what is left, always more than
    // nothing, and what its still sitting says for the scenario's pace, a logarithm to be added up.
    struct sitting {
        std::array<float, scenarios> remaining_min;
        std::array<float, scenarios> log_evidence;
    };
    sitting still_sitting(std::uint32_t dimension, double turn_min, double elapsed_min) const noexcept;
    // From the guests' leaving until the next ones sit.
    double clearing_min(std::size_t scenario, std::uint32_t dimension) const noexcept;
    // How long a party is ready to wait.
    double patience_min(std::size_t scenario, std::uint32_t dimension) const noexcept;

  private:
    double spread_ = 0;                            // of one party's ln(stay / turn time)
    std::array<double, scenarios> log_pace_{};     // by scenario: what all parties of the evening share
    std::array<double, scenarios> pace_{};         // its exponential
    std::array<double, scenarios> stay_factor_{};  // by stratum
};

}  // namespace qtable
