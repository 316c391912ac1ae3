#include "core/waitlist/stay_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qtable {

namespace {

// What is assumed of a restaurant that nothing is known of: as ln(stay / turn time).
constexpr double default_mean = -0.08;  // rules leave a little air
constexpr double default_spread = 0.30;
constexpr double unknown_spread = 0.15;  // of the mean between restaurants
constexpr double evening_spread = 0.10;  // of the mean between evenings of one restaurant
constexpr double doubt_parties = 20;     // that many learned weigh as much as the default
constexpr double spread_min = 0.15;
constexpr double spread_max = 0.60;

constexpr double clearing_median_min = 5;
constexpr double clearing_spread = 0.45;
// Who waits already has waited a while, and gives up late rather than soon.
constexpr double patience_median_min = 120;
constexpr double patience_spread = 0.9;

constexpr double sitting_min = 0.5;  // nobody leaves this instant

// A bijection of the scenarios for each dimension (splitmix64 chooses its constants).
std::size_t stratum(std::size_t scenario, std::uint32_t dimension) noexcept {
    std::uint64_t mixed = (dimension + 1ULL) * 0x9e3779b97f4a7c15ULL;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    mixed ^= mixed >> 31;
    constexpr std::uint64_t mask = stay_model::scenarios - 1;
    static_assert((stay_model::scenarios & mask) == 0);
    std::uint64_t at = scenario;
    at = (at * (mixed | 1) + (mixed >> 8)) & mask;
    at ^= at >> 3;
    at = (at * ((mixed >> 16) | 1) + (mixed >> 24)) & mask;
    at ^= at >> 4;
    at = (at * ((mixed >> 32) | 1) + (mixed >> 40)) & mask;
    return static_cast<std::size_t>(at);
}

double middle_of(std::size_t stratum) noexcept {
    return (static_cast<double>(stratum) + 0.5) / static_cast<double>(stay_model::scenarios);
}

double upper_tail(double z) noexcept {
    return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

// The z whose upper tail is `tail`: Peter Acklam's rational approximation, relative error below 1.2e-9.
double upper_quantile(double tail) noexcept {
    constexpr double low = 0.02425;
    const auto outer = [](double p) {
        const double q = std::sqrt(-2 * std::log(p));
        return (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q -
                  2.549732539343734e+00) *
                     q +
                 4.374664141464968e+00) *
                    q +
                2.938163982698783e+00) /
               ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q +
                 3.754408661907416e+00) *
                    q +
                1);
    };
    if (tail < low) return -outer(tail);
    if (tail > 1 - low) return outer(1 - tail);
    const double q = 0.5 - tail, r = q * q;
    return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r +
              1.383577518672690e+02) *
                 r -
             3.066479806614716e+01) *
                r +
            2.506628277459239e+00) *
           q /
           (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r +
              6.680131188771972e+01) *
                 r -
             1.328068155288572e+01) *
                r +
            1);
}

// What is the same for every restaurant, by stratum; constants, but for a compiler that can't say exp.
struct drawn {
    drawn() noexcept {
        for (std::size_t i = 0; i < stay_model::scenarios; ++i) {
            z[i] = -upper_quantile(middle_of(i));
            z_of_pace[i] = -upper_quantile(middle_of(stratum(i, ~0U)));
            clearing_min[i] = clearing_median_min * std::exp(clearing_spread * z[i]);
            patience_min[i] = patience_median_min * std::exp(patience_spread * z[i]);
        }
    }
    std::array<double, stay_model::scenarios> z, z_of_pace, clearing_min, patience_min;
};

const drawn& drawn_once() noexcept {
    static const drawn made;
    return made;
}

}  // namespace

stay_model::stay_model(const turn_experience& learned) noexcept {
    const double known = std::max(0, learned.parties);
    const double trust = known / (known + doubt_parties);
    const double mean = trust * learned.log_ratio_mean + (1 - trust) * default_mean;
    const double variance = trust * learned.log_ratio_spread * learned.log_ratio_spread +
                            (1 - trust) * default_spread * default_spread;
    spread_ = std::clamp(std::sqrt(variance), spread_min, spread_max);
    const double shared =
        std::sqrt(evening_spread * evening_spread + (1 - trust) * unknown_spread * unknown_spread);
    const drawn& of_all = drawn_once();
    for (std::size_t i = 0; i < scenarios; ++i) {
        log_pace_[i] = mean + shared * of_all.z_of_pace[i];
        pace_[i] = std::exp(log_pace_[i]);
        stay_factor_[i] = std::exp(spread_ * of_all.z[i]);
    }
}

double stay_model::stay_min(std::size_t scenario, std::uint32_t dimension, double turn_min) const noexcept {
    return turn_min * pace_[scenario] * stay_factor_[stratum(scenario, dimension)];
}

// Evidence: tables that are taken again whenever they come free show an age with the density S(age) / mean
// stay. A floor is in that balance for a part of the evening only, hence the partial trust; and one table
// that nobody freed in time says little.
stay_model::sitting stay_model::still_sitting(std::uint32_t dimension, double turn_min,
                                              double elapsed_min) const noexcept {
    constexpr double trust = 0.5;
    constexpr double z_of_evidence_max = 3;
    // So late nobody knows better: what is left is then that of a stay of so many spreads.
    constexpr double z_max = 6;
    const double log_elapsed = std::log(std::max(elapsed_min, sitting_min) / turn_min);
    sitting result;
    for (std::size_t s = 0; s < scenarios; ++s) {
        const double z = (log_elapsed - log_pace_[s]) / spread_;
        const double z_now = std::min(z, z_max);
        const double stayed_min = z < z_max ? elapsed_min : turn_min * pace_[s] * std::exp(spread_ * z_max);
        const double tail = upper_tail(z_now);
        const double z_then = upper_quantile(tail * (1 - middle_of(stratum(s, dimension))));
        const double left_min = turn_min * pace_[s] * std::exp(spread_ * z_then) - stayed_min;
        const double log_tail = std::log(z < z_of_evidence_max ? tail : upper_tail(z_of_evidence_max));
        result.remaining_min[s] = static_cast<float>(std::max(sitting_min, left_min));
        result.log_evidence[s] = static_cast<float>(trust * (log_tail - log_pace_[s]));
    }
    return result;
}

double stay_model::clearing_min(std::size_t scenario, std::uint32_t dimension) const noexcept {
    return drawn_once().clearing_min[stratum(scenario, dimension)];
}

double stay_model::patience_min(std::size_t scenario, std::uint32_t dimension) const noexcept {
    return drawn_once().patience_min[stratum(scenario, dimension)];
}

}  // namespace qtable
