#include "core/waitlist/wait_estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/assert.hpp"
#include "core/waitlist/floor_play.hpp"

namespace qtable {

namespace {

constexpr double hardly = 0.5;            // seated with at most this probability: no estimate
constexpr double log_ratio_max = 1.4;     // beyond a quarter and four times: a table that nobody marked
constexpr int remembered_parties = 1000;  // so that later evenings still count

struct weighed_wait {
    float wait_min = 0;
    double weight = 0;
    bool operator<(const weighed_wait& other) const noexcept { return wait_min < other.wait_min; }
};

// Between the middles of neighbours' weights. `sorted` may hold less than all of the weight: what is missing
// is as late as its last.
double quantile(std::span<const weighed_wait> sorted, double part) noexcept {
    double sum = 0, middle_before = 0;
    float wait_before = sorted.front().wait_min;
    for (const weighed_wait& w : sorted) {
        const double middle = sum + w.weight / 2;
        if (middle >= part) {
            const double way = middle > middle_before ? (part - middle_before) / (middle - middle_before) : 1;
            return std::lerp(static_cast<double>(wait_before), static_cast<double>(w.wait_min), way);
        }
        sum += w.weight;
        middle_before = middle;
        wait_before = w.wait_min;
    }
    return sorted.back().wait_min;
}

std::optional<wait_range> range_of(std::span<const float> waits, std::span<const double> weights) {
    std::array<weighed_wait, stay_model::scenarios> seated;
    std::size_t count = 0;
    double seated_weight = 0;
    for (std::size_t s = 0; s < waits.size(); ++s) {
        if (waits[s] >= floor_play::never) continue;
        seated[count++] = {waits[s], weights[s]};
        seated_weight += weights[s];
    }
    if (seated_weight <= hardly) return std::nullopt;
    const std::span<weighed_wait> sorted(seated.data(), count);
    std::sort(sorted.begin(), sorted.end());
    wait_range range;
    range.p10_min = static_cast<int>(std::floor(quantile(sorted, 0.1)));
    range.p50_min = static_cast<int>(std::lround(quantile(sorted, 0.5)));
    range.p90_min = static_cast<int>(std::ceil(quantile(sorted, 0.9)));
    QTABLE_ASSERT(range.p10_min <= range.p50_min && range.p50_min <= range.p90_min);
    return range;
}

wait_estimate estimate_of(floor_play& play, std::size_t party) {
    const int ahead = static_cast<int>(party);
    return {ahead + 1, ahead, range_of(play.waits_of(party), play.weights())};
}

}  // namespace

void turn_experience::learn(int actual_min, int turn_min) noexcept {
    if (actual_min <= 0 || turn_min <= 0) return;
    const double ratio =
        std::clamp(std::log(static_cast<double>(actual_min) / turn_min), -log_ratio_max, log_ratio_max);
    // Welford's running moments; from `remembered_parties` on, the weight of each new one stays the same.
    const double before = std::min(std::max(0, parties), remembered_parties - 1);
    const double weight = 1 / (before + 1);
    const double off = ratio - log_ratio_mean;
    const double variance = (1 - weight) * (log_ratio_spread * log_ratio_spread + weight * off * off);
    log_ratio_mean += weight * off;
    log_ratio_spread = std::sqrt(variance);
    if (parties < remembered_parties) ++parties;
}

std::vector<wait_estimate> estimate_waits(const floor_now& floor, std::span<const waiting_party> waiting,
                                          const turn_experience& learned) {
    std::vector<wait_estimate> estimates;
    if (waiting.empty()) return estimates;
    floor_play play(floor, waiting, learned);
    play.play(std::nullopt);
    estimates.reserve(waiting.size());
    for (std::size_t i = 0; i < waiting.size(); ++i) estimates.push_back(estimate_of(play, i));
    return estimates;
}

wait_estimate quote_wait(const floor_now& floor, std::span<const waiting_party> waiting,
                         const waiting_party& wanted, const turn_experience& learned) {
    std::vector<waiting_party> all(waiting.begin(), waiting.end());
    all.push_back(wanted);
    floor_play play(floor, all, learned);
    play.play(waiting.size());
    return estimate_of(play, waiting.size());
}

}  // namespace qtable
