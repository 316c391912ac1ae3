#include "net/limit/overload_valve.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/limits.hpp"

namespace qtable::net {

namespace {

// RFC 8033, 4.2, with steps of 10 ms and waits as multiples of the target: from nothing to a whole class
// takes a tenth of a second where the queue grows fast, and a second back once it is gone.
constexpr double follows_error = 0.01;   // alpha
constexpr double follows_change = 0.05;  // beta
constexpr double step_max = 0.10;
constexpr double step_at_once =
    0.25;  // where five targets are exceeded: those who wait already get in nevertheless
constexpr std::int64_t nearly_all = 20;  // 19 of so many
// At least so many refusals after each other. More would let as many more in after each other: a queue.
constexpr double run = 16;

}  // namespace

void overload_valve::measured(std::int64_t standing_us) noexcept {
    constexpr auto target = static_cast<double>(limits::overload_wait_us);
    const double error = (static_cast<double>(standing_us) - target) / target;
    const double change = static_cast<double>(standing_us - before_us_) / target;
    before_us_ = standing_us;
    const bool is_far = error > 4 && change >= 0;
    const double step =
        is_far ? step_at_once
               : std::clamp(follows_error * error + follows_change * change, -step_max, step_max);
    const std::int64_t asked = std::accumulate(asked_.begin(), asked_.end(), std::int64_t{0});
    const bool is_only_refusing = asked > admitted_ * nearly_all;
    if (step > 0 && !is_only_refusing) raise(step);
    if (step < 0) pressure_ = std::max(pressure_ + step, 0.0);
    asked_ = {};
    admitted_ = 0;
}

void overload_valve::raise(double step) noexcept {
    const auto from = asked_.begin() + static_cast<std::ptrdiff_t>(pressure_);
    const auto next = std::find_if(from, asked_.end() - 1, [](std::int64_t count) { return count > 0; });
    if (next != from && next != asked_.end() - 1) pressure_ = static_cast<double>(next - asked_.begin());
    pressure_ = std::min(pressure_ + step, static_cast<double>(classes));
}

double overload_valve::refused_share(load_class kind) const noexcept {
    if (kind >= load_class::always) return 0;
    return std::clamp(pressure_ - static_cast<double>(kind), 0.0, 1.0);
}

bool overload_valve::refuses(load_class kind) noexcept {
    ++asked_[static_cast<std::size_t>(kind)];
    const double share = refused_share(kind);
    if (share > 0) {
        debt& at = debts_[static_cast<std::size_t>(kind)];
        at.owed += share;
        at.is_refusing = at.owed >= (at.is_refusing ? 1 : run);
        if (at.is_refusing) {
            at.owed -= 1;
            return true;
        }
    }
    ++admitted_;
    return false;
}

}  // namespace qtable::net
